package dev.backgroundjobs.message;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.util.Set;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import org.jspecify.annotations.Nullable;

/**
 * An Ed25519 key (RFC 8037) over the JDK's own algorithm: Nimbus has it only with Google
 * Tink, which brings Protocol Buffers.
 */
final class Ed25519Key implements JWSSigner, JWSVerifier {

	private static final JWSHeader HEADER = new JWSHeader(JWSAlgorithm.EdDSA);

	private final JCAContext context = new JCAContext();

	private final @Nullable PrivateKey privateKey;

	private final PublicKey publicKey;

	private final byte[] material;

	private Ed25519Key(@Nullable PrivateKey privateKey, PublicKey publicKey, byte[] material) {
		this.privateKey = privateKey;
		this.publicKey = publicKey;
		this.material = material;
	}

	static Ed25519Key parse(String json) throws ParseException, GeneralSecurityException {
		if (!(JWK.parse(json) instanceof OctetKeyPair jwk) || !Curve.Ed25519.equals(jwk.getCurve())) {
			throw new ParseException("Not an Ed25519 key", 0);
		}
		KeyFactory factory = KeyFactory.getInstance("Ed25519");
		PublicKey publicKey = factory
			.generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point(jwk.getX().decode())));
		Base64URL d = jwk.getD();
		PrivateKey privateKey = (d != null)
				? factory.generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, d.decode())) : null;
		Ed25519Key key = new Ed25519Key(privateKey, publicKey, ((d != null) ? d : jwk.getX()).decode());
		if (privateKey != null && !key.fits()) {
			throw new ParseException("The private half is not that of the public half", 0);
		}
		return key;
	}

	private boolean fits() throws GeneralSecurityException {
		byte[] probe = { 1, 2, 3 };
		try {
			return verify(HEADER, probe, sign(HEADER, probe));
		}
		catch (JOSEException ex) {
			throw new GeneralSecurityException(ex);
		}
	}

	/**
	 * Return the 32 bytes of the private half, or of the public half where it is alone.
	 */
	byte[] material() {
		return this.material;
	}

	boolean canSign() {
		return this.privateKey != null;
	}

	@Override
	public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
		try {
			Signature signature = Signature.getInstance("Ed25519");
			signature.initSign(this.privateKey);
			signature.update(input);
			return Base64URL.encode(signature.sign());
		}
		catch (GeneralSecurityException ex) {
			throw new JOSEException(ex.getMessage(), ex);
		}
	}

	@Override
	public boolean verify(JWSHeader header, byte[] input, Base64URL value) throws JOSEException {
		try {
			Signature signature = Signature.getInstance("Ed25519");
			signature.initVerify(this.publicKey);
			signature.update(input);
			return signature.verify(value.decode());
		}
		catch (GeneralSecurityException ex) {
			throw new JOSEException(ex.getMessage(), ex);
		}
	}

	@Override
	public Set<JWSAlgorithm> supportedJWSAlgorithms() {
		return Set.of(JWSAlgorithm.EdDSA);
	}

	@Override
	public JCAContext getJCAContext() {
		return this.context;
	}

	// RFC 8032, 5.1.2: y in little-endian order, the top bit is the sign of x.
	private static EdECPoint point(byte[] encoded) throws GeneralSecurityException {
		if (encoded.length != 32) {
			throw new GeneralSecurityException("An Ed25519 public key has 32 bytes");
		}
		byte[] y = new byte[32];
		for (int i = 0; i < 32; i++) {
			y[i] = encoded[31 - i];
		}
		boolean odd = (y[0] & 0x80) != 0;
		y[0] &= 0x7F;
		return new EdECPoint(odd, new BigInteger(1, y));
	}

}
