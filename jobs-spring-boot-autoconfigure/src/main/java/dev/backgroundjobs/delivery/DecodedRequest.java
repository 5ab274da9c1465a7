package dev.backgroundjobs.delivery;

import java.util.List;

/**
 * The messages of a request, and how its caller wants to be answered.
 *
 * @param deliveries the messages
 * @param responder answers
 */
public record DecodedRequest(List<Delivery> deliveries, DeliveryResponder responder) {

	/**
	 * Create a value.
	 */
	public DecodedRequest {
		deliveries = List.copyOf(deliveries);
	}

}
