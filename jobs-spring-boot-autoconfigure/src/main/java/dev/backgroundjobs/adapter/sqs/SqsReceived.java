package dev.backgroundjobs.adapter.sqs;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.backgroundjobs.adapter.aws.SqsBody;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.execution.Lease;
import io.cloudevents.CloudEvent;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * A message in hand.
 *
 * @param messageId its id, the same each time it comes
 * @param handle its receipt handle, with which SQS knows this delivery
 * @param group the group whose order is kept, or {@code null} where none is
 * @param deliveries what is made of it, one or several events, with one lease
 * @param receivedAt when it came, by {@link System#nanoTime()}
 */
record SqsReceived(String messageId, String handle, @Nullable String group, List<Delivery> deliveries,
		long receivedAt) {

	/**
	 * Take a message.
	 * @param message what SQS sent
	 * @param isFifo whether its queue keeps order
	 * @param hasRedrivePolicy whether SQS keeps what its queue gives up
	 * @param now the time, by {@link System#nanoTime()}
	 */
	static SqsReceived of(Message message, boolean isFifo, boolean hasRedrivePolicy, long now) {
		Delivery delivery = Delivery.pulled(message.body().getBytes(StandardCharsets.UTF_8), "sqs", true,
				redeliveries(message));
		// Standard queues may have groups too, for fairness only.
		String group = isFifo ? message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID) : null;
		if (group != null) {
			delivery = delivery.with(Trait.ORDERED);
		}
		if (hasRedrivePolicy) {
			delivery = delivery.with(Trait.DEAD_LETTERED);
		}
		List<CloudEvent> events = SqsBody.events(message.body());
		List<Delivery> deliveries = events.isEmpty() ? List.of(delivery) : events.stream().map(delivery::of).toList();
		return new SqsReceived(message.messageId(), message.receiptHandle(), group, deliveries, now);
	}

	/**
	 * Return this message as one that came less often.
	 * @param times how often it came and was not run
	 */
	SqsReceived without(int times) {
		List<Delivery> fewer = this.deliveries.stream()
			.map((delivery) -> delivery.withRedeliveries(delivery.redeliveries() - times))
			.toList();
		return new SqsReceived(this.messageId, this.handle, this.group, fewer, this.receivedAt);
	}

	/**
	 * Return the right to settle it.
	 */
	Lease lease() {
		return this.deliveries.get(0).lease();
	}

	// The count begins with 1, and is missing where SQS is played by something simple.
	private static int redeliveries(Message message) {
		String count = message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
		try {
			return (count != null) ? Integer.parseInt(count) - 1 : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

}
