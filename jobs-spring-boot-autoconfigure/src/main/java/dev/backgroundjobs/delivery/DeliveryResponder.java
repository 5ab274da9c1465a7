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
	 * Answer a request.
	 * @param settlements what became of its deliveries, in their order
	 * @return the answer
	 */
	DeliveryResponse respond(List<Settlement> settlements);

}
