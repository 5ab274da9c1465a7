package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.List;

import dev.backgroundjobs.adapter.sqs.SqsInbox.Refusal;
import dev.backgroundjobs.delivery.Settlement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives messages back, so that they are received again, here or elsewhere. Safe for use
 * by several threads.
 */
final class SqsReleases {

	private static final Logger logger = LoggerFactory.getLogger(SqsReleases.class);

	private static final Duration UNKNOWN_DELAY = Duration.ofSeconds(30);

	// What nobody can read gets no better by waiting.
	private static final Duration UNREADABLE_DELAY = Duration.ofMinutes(10);

	private final SqsPollSettings settings;

	private final SqsInbox inbox;

	private final SqsLeases leases;

	SqsReleases(SqsPollSettings settings, SqsInbox inbox, SqsLeases leases) {
		this.settings = settings;
		this.inbox = inbox;
		this.leases = leases;
	}

	/**
	 * Return when a message that was not acknowledged is to be received again.
	 */
	Duration delay(SqsReceived message, Settlement settlement) {
		Duration wanted = message.lease().releaseDelay();
		if (wanted != null) {
			Duration longest = SqsLeases.longest(message, System.nanoTime());
			return (wanted.compareTo(longest) < 0) ? wanted : longest;
		}
		return switch (settlement) {
			case UNAVAILABLE -> Duration.ZERO;
			case RELEASED_UNKNOWN -> UNKNOWN_DELAY;
			case UNREADABLE, UNTRUSTED -> UNREADABLE_DELAY;
			default -> this.settings.releaseDelay();
		};
	}

	/**
	 * Give back those of some messages that are still ours. Waits for SQS, and throws
	 * nothing: what SQS is not told comes again when its time is over.
	 * @param delay when they are received again
	 */
	void release(List<SqsReceived> messages, Duration delay) {
		changeVisibility(messages.stream().map(SqsReceived::handle).filter(this.leases::remove).toList(), delay);
	}

	/**
	 * Give back everything, and the right to settle it.
	 */
	void releaseRest() {
		List<String> left = this.leases.loseAll();
		if (!left.isEmpty()) {
			logger.warn("{} messages of queue '{}' are not settled in time and given back", left.size(),
					this.settings.queue());
			changeVisibility(left, Duration.ZERO);
		}
	}

	private void changeVisibility(List<String> handles, Duration delay) {
		this.leases.awaitCalls(handles);
		for (int from = 0; from < handles.size(); from += SqsInbox.MAX_BATCH) {
			List<String> batch = handles.subList(from, Math.min(handles.size(), from + SqsInbox.MAX_BATCH));
			try {
				List<Refusal> refusals = this.inbox.changeVisibility(batch, delay);
				refusals.forEach((refusal) -> logger.debug("A message of queue '{}' could not be given back: {}",
						this.settings.queue(), refusal.reason()));
			}
			catch (RuntimeException ex) {
				logger.warn("{} messages of queue '{}' could not be given back, and are received again after {} s",
						batch.size(), this.settings.queue(), this.settings.visibilityTimeout().toSeconds(), ex);
			}
		}
	}

}
