package dev.backgroundjobs.message;

import java.util.Locale;

/**
 * Neither the caller nor a signature vouches for a body, or what protects it is not what
 * it claims to be. Nothing of it was read but that.
 */
public class UntrustedMessageException extends RuntimeException {

	private final Reason reason;

	/**
	 * Create an exception.
	 * @param reason why the body is not trusted
	 */
	public UntrustedMessageException(Reason reason) {
		super(reason.name());
		this.reason = reason;
	}

	/**
	 * Return why the body is not trusted.
	 * @return the reason
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * Why a body is not trusted.
	 */
	public enum Reason {

		/** The body is not signed; it may be encrypted, which vouches for nobody. */
		UNSIGNED,

		/** The signed or encrypted form cannot be read. */
		MALFORMED,

		/** No accepted key has the id that the form names. */
		UNKNOWN_KEY,

		/** The header asks for what the key it names is not used for. */
		WRONG_ALGORITHM,

		/** The signature is not that of the key over these bytes. */
		WRONG_SIGNATURE,

		/** The signature has expired. */
		EXPIRED,

		/** The signature is meant for another application. */
		WRONG_AUDIENCE,

		/** The signature's time lies in the future. */
		NOT_YET_VALID,

		/** The encrypted form is not that of the key it names, or was changed. */
		NOT_DECRYPTABLE;

		/**
		 * Return the reason as a tag of metrics.
		 * @return the name in lower case with dashes
		 */
		public String tag() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
