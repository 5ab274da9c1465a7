package dev.backgroundjobs.message;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

import dev.backgroundjobs.message.SignedForm.Verified;
import dev.backgroundjobs.message.UntrustedMessageException.Reason;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

/**
 * Turns messages into the bytes that travel and back: JSON, or JSON signed as a compact
 * JWS. Safe for use by several threads.
 */
public final class JobMessageCodec {

	private static final String JSON = "application/json";

	private static final String JOSE = "application/jose";

	private final Clock clock;

	// Empty without keys, so that the JOSE library is loaded only where it is used.
	private final SingletonSupplier<Optional<SignedForm>> signedForm;

	/**
	 * Create a codec.
	 * @param keys the keys to sign with and to accept
	 * @param clock tells the time for signatures
	 * @throws InvalidKeyException when a key cannot be used
	 */
	public JobMessageCodec(SigningKeys keys, Clock clock) {
		this(() -> keys, clock);
		signedForm();
	}

	/**
	 * Create a codec that asks for its keys when it first needs them.
	 * @param keys returns the keys to sign with and to accept
	 * @param clock tells the time for signatures
	 */
	public JobMessageCodec(Supplier<SigningKeys> keys, Clock clock) {
		this.clock = clock;
		this.signedForm = SingletonSupplier.of(() -> {
			SigningKeys given = keys.get();
			return given.keys().isEmpty() ? Optional.empty() : Optional.of(new SignedForm(given));
		});
	}

	private @Nullable SignedForm signedForm() {
		return this.signedForm.obtain().orElse(null);
	}

	/**
	 * Return whether this codec signs what it encodes.
	 * @return whether it signs
	 */
	public boolean signs() {
		SignedForm form = signedForm();
		return form != null && form.signs();
	}

	/**
	 * Return whether this codec accepts signatures.
	 * @return whether there are keys
	 */
	public boolean acceptsSignatures() {
		return signedForm() != null;
	}

	/**
	 * Encode a message: signed where there is a key to sign with, as JSON otherwise.
	 * @param message the message
	 * @return its bytes
	 */
	public EncodedMessage encode(JobMessage message) {
		byte[] json = JobMessageWriter.write(message);
		SignedForm form = signedForm();
		if (form == null || !form.signs()) {
			return new EncodedMessage(json, JSON);
		}
		return new EncodedMessage(form.sign(json, this.clock.instant(), message.runAt()), JOSE);
	}

	/**
	 * Decode a message. The form is told from the first character.
	 * @param body the bytes
	 * @param trusted whether the caller is trusted, so that the message need not be
	 * signed. A signature that is there is verified all the same
	 * @return the message
	 * @throws UntrustedMessageException when nothing vouches for the body
	 * @throws UnreadableMessageException when something does and it is not a message
	 */
	public DecodedMessage decode(byte[] body, boolean trusted) {
		int start = 0;
		while (start < body.length && isSpace(body[start])) {
			start++;
		}
		if (start == body.length) {
			return plain(body, trusted);
		}
		// A platform that takes only JSON carries the signed form as a JSON string.
		return switch (body[start]) {
			case 'e', '"' -> signed(new String(body, start, body.length - start, StandardCharsets.ISO_8859_1), trusted);
			default -> plain(body, trusted);
		};
	}

	/**
	 * Return whether bytes are, or claim to be, the signed form of a message.
	 * @param body the bytes
	 * @return whether they do not start like a JSON object
	 */
	public boolean isSigned(byte[] body) {
		int start = 0;
		while (start < body.length && isSpace(body[start])) {
			start++;
		}
		return start < body.length && (body[start] == 'e' || body[start] == '"');
	}

	private DecodedMessage plain(byte[] body, boolean trusted) {
		if (!trusted) {
			throw new UntrustedMessageException(Reason.UNSIGNED);
		}
		return new DecodedMessage(JobMessageReader.read(body), false, false);
	}

	private DecodedMessage signed(String body, boolean trusted) {
		SignedForm form = signedForm();
		if (form == null) {
			throw new UntrustedMessageException(Reason.UNKNOWN_KEY);
		}
		String compact = body.strip();
		if (compact.length() > 1 && compact.startsWith("\"") && compact.endsWith("\"")) {
			compact = compact.substring(1, compact.length() - 1);
		}
		// Two dots are a JWS; four are a JWE, the encrypted form.
		long dots = compact.chars().filter((c) -> c == '.').count();
		if (dots == 4) {
			throw new UntrustedMessageException(Reason.UNSUPPORTED);
		}
		Verified verified = verify(form, compact, trusted);
		if (verified.isExpired() && !trusted) {
			throw new UntrustedMessageException(Reason.EXPIRED);
		}
		return new DecodedMessage(JobMessageReader.read(verified.json()), true, verified.isExpired());
	}

	// A trusted caller that sends neither JSON nor a signature sends no message.
	private Verified verify(SignedForm form, String compact, boolean trusted) {
		try {
			return form.verify(compact, this.clock.instant());
		}
		catch (UntrustedMessageException ex) {
			if (trusted && ex.reason() == Reason.MALFORMED) {
				throw new UnreadableMessageException("is neither JSON nor a signed message");
			}
			throw ex;
		}
	}

	private static boolean isSpace(byte b) {
		return b == ' ' || b == '\n' || b == '\r' || b == '\t';
	}

}
