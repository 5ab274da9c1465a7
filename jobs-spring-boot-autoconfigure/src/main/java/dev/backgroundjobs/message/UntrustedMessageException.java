package dev.backgroundjobs.message;

import java.util.Locale;

/**
 * Neither the caller nor a signature vouches for a body. Nothing of it was read but the
 * signature's header.
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

		/** The body is not signed. */
		UNSIGNED,

		/** The signed form cannot be read. */
		MALFORMED,

		/** No accepted key has the id that the signature names. */
		UNKNOWN_KEY,

		/** The signature's algorithm is not that of the key it names. */
		WRONG_ALGORITHM,

		/** The signature is not that of the key over these bytes. */
		WRONG_SIGNATURE,

		/** The signature has expired. */
		EXPIRED,

		/** The signature is meant for another application. */
		WRONG_AUDIENCE,

		/** The signature's time lies in the future. */
		NOT_YET_VALID,

		/** The form is not supported. */
		UNSUPPORTED;

		/**
		 * Return the reason as a tag of metrics.
		 * @return the name in lower case with dashes
		 */
		public String tag() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
