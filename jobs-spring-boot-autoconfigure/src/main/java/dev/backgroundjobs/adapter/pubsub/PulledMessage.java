package dev.backgroundjobs.adapter.pubsub;

import java.time.Instant;

import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.ReceivedMessage;
import dev.backgroundjobs.adapter.google.PubSubMessage;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.message.UnreadableMessageException;

/**
 * A message in hand.
 *
 * @param received what Pub/Sub sent
 * @param delivery what is made of it, with the lease
 */
record PulledMessage(ReceivedMessage received, Delivery delivery) {

	static PulledMessage of(ReceivedMessage received, String subscription) {
		PubsubMessage sent = received.getMessage();
		Instant published = Instant.ofEpochSecond(sent.getPublishTime().getSeconds(), sent.getPublishTime().getNanos());
		PubSubMessage message = new PubSubMessage(sent.getData().toByteArray(), sent.getAttributesMap(),
				sent.getMessageId(), published.toString(), sent.getOrderingKey(), subscription,
				received.getDeliveryAttempt());
		Delivery delivery = Delivery.pulled(message.data(), PubSubJobBackend.NAME, true, message.redeliveries());
		try {
			return new PulledMessage(received, message.describe(delivery));
		}
		catch (UnreadableMessageException ex) {
			// The processor finds the same when it reads it, and says so.
			return new PulledMessage(received, delivery);
		}
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
