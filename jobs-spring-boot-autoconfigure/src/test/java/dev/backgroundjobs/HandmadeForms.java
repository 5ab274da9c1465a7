package dev.backgroundjobs;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signed and encrypted forms made by hand: of any header, with the right signature or
 * tag. Keys are in base64.
 */
public final class HandmadeForms {

	private HandmadeForms() {
	}

	/**
	 * Make an encrypted form.
	 * @param header the JSON of the header
	 * @param content the content
	 * @param key the key
	 * @return a compact JWE
	 */
	public static String encrypt(String header, byte[] content, String key) {
		return encrypt(header, content, key, new byte[12]);
	}

	/**
	 * Make an encrypted form with an initialization vector.
	 * @param header the JSON of the header
	 * @param content the content
	 * @param key the key
	 * @param iv the vector
	 * @return a compact JWE
	 */
	public static String encrypt(String header, byte[] content, String key, byte[] iv) {
		String first = base64(header.getBytes(StandardCharsets.UTF_8));
		try {
			Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
			cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(Base64.getDecoder().decode(key), "AES"),
					new GCMParameterSpec(128, iv));
			cipher.updateAAD(first.getBytes(StandardCharsets.US_ASCII));
			byte[] output = cipher.doFinal(content);
			int end = output.length - 16;
			return first + ".." + base64(iv) + "." + base64(Arrays.copyOf(output, end)) + "."
					+ base64(Arrays.copyOfRange(output, end, output.length));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Make a signed form.
	 * @param header the JSON of the header
	 * @param content the content
	 * @param key the key for HS256
	 * @return a compact JWS
	 */
	public static String sign(String header, byte[] content, String key) {
		String input = base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(content);
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
			return input + "." + base64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Encode a part.
	 * @param bytes its bytes
	 * @return base64 in the alphabet of compact forms
	 */
	public static String base64(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

}
