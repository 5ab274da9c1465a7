package dev.backgroundjobs.adapter.aws;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.delivery.DeliveryResponder;
import dev.backgroundjobs.delivery.DeliveryResponse;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.event.EventJson;
import dev.backgroundjobs.message.MessageNames;

/**
 * Answers a batch of SQS: with status 200 and the messages that are to come again,
 * always, since Lambda takes an answer without that list, whatever its status, for a
 * batch that is done, and one with an id it does not know for a batch that has failed. On
 * a queue that keeps order everything after the first of them is to come again as well.
 */
final class SqsBatchResponder implements DeliveryResponder {

	private static final Logger logger = LoggerFactory.getLogger(SqsBatchResponder.class);

	private static final Duration RELEASE_DELAY = Duration.ofSeconds(10);

	private static final Duration UNAVAILABLE_DELAY = Duration.ofSeconds(5);

	private static final Duration UNKNOWN_DELAY = Duration.ofSeconds(30);

	private final List<SqsRecord> records;

	private final @Nullable SqsVisibility visibility;

	/**
	 * Create a responder.
	 * @param records the messages, one for each delivery
	 * @param visibility says when they come again, or {@code null}
	 */
	SqsBatchResponder(List<SqsRecord> records, @Nullable SqsVisibility visibility) {
		this.records = records;
		this.visibility = visibility;
	}

	@Override
	public boolean isPartial() {
		return true;
	}

	@Override
	public DeliveryResponse respond(List<Settlement> settlements) {
		Set<String> failed = new LinkedHashSet<>();
		Map<String, Map<String, Duration>> delays = new LinkedHashMap<>();
		Duration behind = null;
		for (int i = 0; i < this.records.size(); i++) {
			SqsRecord message = this.records.get(i);
			Settlement settlement = settlements.get(i);
			if (settlement.isAcknowledged() && behind == null) {
				continue;
			}
			failed.add(message.messageId());
			if (settlement == Settlement.UNREADABLE || settlement == Settlement.UNTRUSTED) {
				logger.error("Message {} of {} is not taken ({}), and stays until its queue gives it up",
						MessageNames.printable(message.messageId()), MessageNames.printable(message.queueArn()),
						settlement.tag());
			}
			Duration delay = (behind != null) ? behind : delay(message, settlement);
			if (message.delivery().is(Trait.ORDERED)) {
				behind = delay;
			}
			if (message.receiptHandle() != null && message.queueArn() != null && !delay.isNegative()) {
				delays.computeIfAbsent(message.queueArn(), (arn) -> new LinkedHashMap<>())
					.putIfAbsent(message.receiptHandle(), delay);
			}
		}
		if (this.visibility != null) {
			delays.forEach(this.visibility::change);
		}
		return answer(failed);
	}

	private static DeliveryResponse answer(Set<String> failed) {
		ObjectNode json = EventJson.object();
		ArrayNode failures = json.putArray("batchItemFailures");
		failed.forEach((id) -> failures.addObject().put("itemIdentifier", id));
		return new DeliveryResponse(200, json.toString(), null);
	}

	/**
	 * Return when a message is wanted again; negative for when the queue says.
	 */
	private static Duration delay(SqsRecord message, Settlement settlement) {
		Duration wanted = message.delivery().lease().releaseDelay();
		if (wanted != null) {
			return wanted;
		}
		return switch (settlement) {
			case UNAVAILABLE -> UNAVAILABLE_DELAY;
			case RELEASED, BUSY, UNMATCHED_RELEASED -> RELEASE_DELAY;
			case RELEASED_UNKNOWN -> UNKNOWN_DELAY;
			default -> Duration.ofSeconds(-1);
		};
	}

}
