package dev.backgroundjobs.message;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Supplier;

import dev.backgroundjobs.message.EncryptedForm.Decrypted;
import dev.backgroundjobs.message.SignedForm.Verified;
import dev.backgroundjobs.message.UntrustedMessageException.Reason;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

/**
 * Turns messages into the bytes that travel and back: JSON, signed as a compact JWS where
 * there is a key to sign with, and encrypted as a compact JWE where there is a key to
 * encrypt with. Safe for use by several threads.
 */
public final class JobMessageCodec {

	private static final String JSON = "application/json";

	private static final String JOSE = "application/jose";

	private final Clock clock;

	private final SingletonSupplier<ProtectedForms> forms;

	/**
	 * Create a codec that encrypts nothing.
	 * @param signing the keys to sign with and to accept
	 * @param clock tells the time for signatures
	 * @throws InvalidKeyException when a key cannot be used
	 */
	public JobMessageCodec(SigningKeys signing, Clock clock) {
		this(signing, EncryptionKeys.none(), clock);
	}

	/**
	 * Create a codec.
	 * @param signing the keys to sign with and to accept
	 * @param encryption the keys to encrypt with and to accept
	 * @param clock tells the time for signatures
	 * @throws InvalidKeyException when a key cannot be used
	 */
	public JobMessageCodec(SigningKeys signing, EncryptionKeys encryption, Clock clock) {
		this(() -> signing, () -> encryption, clock);
		forms();
	}

	/**
	 * Create a codec that asks for its keys when it first needs them.
	 * @param signing returns the keys to sign with and to accept
	 * @param encryption returns the keys to encrypt with and to accept
	 * @param clock tells the time for signatures
	 */
	public JobMessageCodec(Supplier<SigningKeys> signing, Supplier<EncryptionKeys> encryption, Clock clock) {
		this.clock = clock;
		this.forms = SingletonSupplier.of(() -> ProtectedForms.of(signing.get(), encryption.get()));
	}

	private ProtectedForms forms() {
		return this.forms.obtain();
	}

	/**
	 * Return whether this codec signs what it encodes.
	 * @return whether it signs
	 * @throws InvalidKeyException when a key cannot be used
	 */
	public boolean signs() {
		return forms().signs();
	}

	/**
	 * Return whether this codec encrypts what it encodes.
	 * @return whether it encrypts
	 * @throws InvalidKeyException when a key cannot be used
	 */
	public boolean encrypts() {
		return forms().encrypts();
	}

	/**
	 * Return whether this codec accepts signatures.
	 * @return whether there are keys
	 * @throws InvalidKeyException when a key cannot be used
	 */
	public boolean acceptsSignatures() {
		return forms().signed() != null;
	}

	/**
	 * Encode a message: signed where there is a key to sign with, that or its JSON
	 * encrypted where there is a key to encrypt with.
	 * @param message the message
	 * @return its bytes
	 */
	public EncodedMessage encode(JobMessage message) {
		ProtectedForms forms = forms();
		byte[] bytes = forms.protect(JobMessageWriter.write(message), this.clock, message.runAt());
		return new EncodedMessage(bytes, (forms.signs() || forms.encrypts()) ? JOSE : JSON);
	}

	/**
	 * Check that a message can travel which holds what others have sent: that its JSON is
	 * within the limits of whoever reads it.
	 * @param message the message
	 * @return its size in bytes, encoded
	 * @throws UnreadableMessageException when nobody could read it
	 */
	public int checkedSize(JobMessage message) {
		JobMessageReader.read(JobMessageWriter.write(message));
		return encode(message).bytes().length;
	}

	/**
	 * Decode a message. The form is told from the first character and the number of dots.
	 * @param body the bytes
	 * @param trusted whether the caller is trusted, so that the message need not be
	 * signed. A signature that is there is verified all the same
	 * @return the message
	 * @throws UntrustedMessageException when nothing vouches for the body
	 * @throws UnreadableMessageException when something does and it is not a message
	 */
	public DecodedMessage decode(byte[] body, boolean trusted) {
		String compact = compact(body);
		if (compact == null) {
			return plain(body, false, trusted);
		}
		try {
			return isEncrypted(compact) ? encrypted(compact, trusted) : signed(compact, false, trusted);
		}
		catch (UntrustedMessageException ex) {
			// A trusted caller that sends none of the forms sends no message.
			if (trusted && ex.reason() == Reason.MALFORMED) {
				throw new UnreadableMessageException("is neither JSON nor a signed or encrypted message");
			}
			throw ex;
		}
	}

	/**
	 * Return whether this codec would protect what replaces a message at least as the
	 * message was: sign what was signed, encrypt what was encrypted.
	 * @param body the bytes of a message that this codec has decoded
	 * @return whether it would
	 */
	public boolean protectsLike(byte[] body) {
		String compact = compact(body);
		if (compact == null) {
			return true;
		}
		return isEncrypted(compact) ? encrypts() && (signs() || !EncryptedForm.holdsSigned(compact)) : signs();
	}

	private static DecodedMessage plain(byte[] json, boolean isEncrypted, boolean trusted) {
		if (!trusted) {
			throw new UntrustedMessageException(Reason.UNSIGNED);
		}
		return new DecodedMessage(JobMessageReader.read(json), false, isEncrypted, false);
	}

	private DecodedMessage signed(String compact, boolean isEncrypted, boolean trusted) {
		SignedForm form = forms().signed();
		if (form == null) {
			throw new UntrustedMessageException(Reason.UNKNOWN_KEY);
		}
		Verified verified = form.verify(compact, this.clock.instant());
		if (verified.isExpired() && !trusted) {
			throw new UntrustedMessageException(Reason.EXPIRED);
		}
		return new DecodedMessage(JobMessageReader.read(verified.json()), true, isEncrypted, verified.isExpired());
	}

	// Encryption vouches for nobody: its key says who may read, and no time or audience.
	private DecodedMessage encrypted(String compact, boolean trusted) {
		if (!trusted && !acceptsSignatures()) {
			throw new UntrustedMessageException(Reason.UNSIGNED);
		}
		EncryptedForm form = forms().encrypted();
		if (form == null) {
			throw new UntrustedMessageException(Reason.UNKNOWN_KEY);
		}
		Decrypted decrypted = form.decrypt(compact);
		return decrypted.isSigned()
				? signed(new String(decrypted.content(), StandardCharsets.ISO_8859_1), true, trusted)
				: plain(decrypted.content(), true, trusted);
	}

	/**
	 * Return the compact form that bytes are or claim to be, on its own or, where a
	 * platform takes only JSON, as a JSON string.
	 * @return the compact form, or {@code null} when they may be plain JSON
	 */
	private static @Nullable String compact(byte[] body) {
		int start = 0;
		while (start < body.length && isSpace(body[start])) {
			start++;
		}
		boolean starts = start < body.length && (body[start] == 'e' || body[start] == '"');
		// Too long for any form: the reader of the plain one says so.
		if (!starts || body.length > MessageLimits.MAX_BYTES) {
			return null;
		}
		String compact = new String(body, start, body.length - start, StandardCharsets.ISO_8859_1).strip();
		if (compact.length() > 1 && compact.startsWith("\"") && compact.endsWith("\"")) {
			return compact.substring(1, compact.length() - 1);
		}
		return compact;
	}

	// Two dots are a JWS, four are a JWE.
	private static boolean isEncrypted(String compact) {
		return compact.chars().filter((c) -> c == '.').count() == 4;
	}

	private static boolean isSpace(byte b) {
		return b == ' ' || b == '\n' || b == '\r' || b == '\t';
	}

}
