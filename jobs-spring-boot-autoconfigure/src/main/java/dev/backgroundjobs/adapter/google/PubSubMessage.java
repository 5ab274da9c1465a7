package dev.backgroundjobs.adapter.google;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.delivery.MessageShape;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A message as Pub/Sub delivers it, pushed or pulled: one of ours, or an event.
 *
 * @param data what was published; not to be changed
 * @param attributes its attributes
 * @param id Pub/Sub's own id, or {@code null} when it does not say
 * @param publishTime when it was published, RFC 3339, or {@code null} when it does not
 * say
 * @param orderingKey its ordering key, or {@code null} for none
 * @param subscription the subscription's full name, or {@code null} when it does not say
 * @param deliveryAttempt which delivery this is, from 1, or 0 when it does not say since
 * the subscription has no dead-letter policy
 */
@SuppressWarnings("ArrayRecordComponent")
public record PubSubMessage(byte[] data, Map<String, String> attributes, @Nullable String id,
		@Nullable String publishTime, @Nullable String orderingKey, @Nullable String subscription,
		int deliveryAttempt) {

	private static final Logger logger = LoggerFactory.getLogger(PubSubMessage.class);

	private static final AtomicBoolean WARNED = new AtomicBoolean();

	/**
	 * Create a value.
	 */
	public PubSubMessage {
		id = (id != null && id.isBlank()) ? null : id;
		attributes = Map.copyOf(attributes);
	}

	/**
	 * Return how often the message was delivered before.
	 * @return the number, 0 when Pub/Sub does not say
	 */
	public int redeliveries() {
		return Math.max(0, this.deliveryAttempt - 1);
	}

	/**
	 * Say what is known of a delivery of this message.
	 * @param delivery the delivery, with the data as its body
	 * @return the delivery of a message of ours or of an event
	 * @throws dev.backgroundjobs.message.UnreadableMessageException when it is neither
	 */
	public Delivery describe(Delivery delivery) {
		Delivery described = isJob() ? delivery : delivery.of(GooglePlatformEvents.event(this));
		if (this.deliveryAttempt > 0) {
			described = described.with(Trait.DEAD_LETTERED);
		}
		if (this.orderingKey == null || this.orderingKey.isEmpty()) {
			return described;
		}
		if (this.deliveryAttempt == 0) {
			// Released over and over without a count it would run for ever.
			if (WARNED.compareAndSet(false, true)) {
				logger.warn(
						"Subscription '{}' keeps order and has no dead-letter policy, so that nobody counts attempts: "
								+ "one that fails is enqueued again behind later messages. Said once",
						MessageNames.printable(this.subscription));
			}
			return described;
		}
		return described.with(Trait.ORDERED);
	}

	// Ours have these attributes; a copy by other means may have lost them.
	private boolean isJob() {
		if (this.attributes.containsKey("job") && this.attributes.containsKey("id")
				&& this.attributes.containsKey("queue")) {
			return true;
		}
		if (this.attributes.containsKey("bucketId") || this.data.length == 0) {
			return false;
		}
		return MessageShape.isMessage(this.data);
	}

}
