package dev.backgroundjobs.delivery;

import java.util.Locale;

/**
 * What the platform is told about a delivery.
 */
public enum Settlement {

	/** The job is done, or it was discarded. */
	DONE(true),

	/** A successor is on its way: retry, hop, relay or deferral. */
	REPLACED(true),

	/** The same message has been settled before. */
	DUPLICATE(true),

	/** The job was not started in time. */
	EXPIRED(true),

	/** The job is dead, and a copy is kept. */
	DEAD_KEPT(true),

	/** The job is dead, and no copy can be kept. */
	DEAD(true),

	/** No job is started by the event. */
	UNMATCHED(true),

	/** No job is started by the event yet, and one may be: deliver again. */
	UNMATCHED_RELEASED(false),

	/** The job is dead, and the platform keeps what it gives up: deliver until then. */
	DEAD_RELEASED(false),

	/** The successor could not be sent, or the lease is lost: deliver again. */
	RELEASED(false),

	/** The job is not known here and could not be deferred: deliver again. */
	RELEASED_UNKNOWN(false),

	/** The same message is being run right now: deliver again. */
	BUSY(false),

	/** The application shuts down or lacks something for now: deliver again later. */
	UNAVAILABLE(false),

	/** The body is no message, and no copy can be kept. */
	UNREADABLE(false),

	/** Neither the caller nor a signature vouches for the message. */
	UNTRUSTED(false);

	private final boolean acknowledged;

	Settlement(boolean acknowledged) {
		this.acknowledged = acknowledged;
	}

	/**
	 * Return the settlement as a tag of metrics.
	 * @return the name in lower case with dashes
	 */
	public String tag() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Return whether the platform forgets the message.
	 * @return whether it is acknowledged
	 */
	public boolean isAcknowledged() {
		return this.acknowledged;
	}

}
