package dev.backgroundjobs.delivery;

/**
 * Decides who may deliver messages to the endpoint. All authenticators are asked, in the
 * order of {@code @Order}, until one does not abstain; what nobody accepts must be
 * signed. Sees everything but the body. Safe for use by several threads.
 */
@FunctionalInterface
public interface DeliveryAuthenticator {

	/**
	 * Decide on a request.
	 * @param request the request
	 * @return the decision
	 */
	Decision authenticate(DeliveryRequest request);

	/**
	 * What an authenticator says of a caller.
	 */
	enum Decision {

		/** The caller is trusted. */
		ACCEPT,

		/** The caller is not one this authenticator knows about. */
		ABSTAIN,

		/** The caller's credentials are missing or wrong: 401. */
		REFUSE,

		/** The caller is known and not allowed: 403. */
		FORBID,

		/** Nothing can be said for now, as when keys cannot be fetched: 503. */
		UNAVAILABLE

	}

}
