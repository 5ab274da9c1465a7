package dev.backgroundjobs.delivery;

import java.util.List;

/**
 * Says what became of deliveries in the words of one kind of caller. Safe for use by
 * several threads.
 */
@FunctionalInterface
public interface DeliveryResponder {

	/**
	 * Return the responder for a caller that sends one message in a request and reads the
	 * status.
	 * @return the responder
	 */
	static DeliveryResponder plain() {
		return new PlainDeliveryResponder();
	}

	/**
	 * Return whether the answer says of each message what became of it, so that it is
	 * better given in time without those that still run.
	 * @return whether it does
	 */
	default boolean isPartial() {
		return false;
	}

	/**
	 * Answer a request.
	 * @param settlements what became of its deliveries, in their order
	 * @return the answer
	 */
	DeliveryResponse respond(List<Settlement> settlements);

}
