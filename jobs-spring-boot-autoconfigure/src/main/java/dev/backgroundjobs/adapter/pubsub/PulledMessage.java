package dev.backgroundjobs.adapter.pubsub;

import com.google.pubsub.v1.ReceivedMessage;
import dev.backgroundjobs.delivery.Delivery;

/**
 * A message in hand.
 *
 * @param received what Pub/Sub sent
 * @param delivery what is made of it, with the lease
 */
record PulledMessage(ReceivedMessage received, Delivery delivery) {

	static PulledMessage of(ReceivedMessage received, PubSubPullSettings settings) {
		// 0 without a dead-letter policy, and from 1 with one.
		int redeliveries = received.getDeliveryAttempt() - 1;
		Delivery delivery = Delivery.pulled(received.getMessage().getData().toByteArray(), PubSubJobBackend.NAME, true,
				redeliveries);
		return new PulledMessage(received, delivery);
	}

	String ackId() {
		return this.received.getAckId();
	}

	String messageId() {
		return this.received.getMessage().getMessageId();
	}

	String orderingKey() {
		return this.received.getMessage().getOrderingKey();
	}

}
