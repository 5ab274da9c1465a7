package dev.backgroundjobs.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what replaces a delivery, if it may.
 */
final class SuccessorSender {

	private static final Logger logger = LoggerFactory.getLogger(SuccessorSender.class);

	// How long a successor is tried again where the platform sets no deadline.
	private static final Duration DEFAULT_RESERVE = Duration.ofSeconds(5);

	// And at most: a request that waits longer does nobody a service.
	private static final Duration MAX_RESERVE = Duration.ofSeconds(15);

	private final JobMessageCodec codec;

	private final Clock clock;

	SuccessorSender(JobMessageCodec codec, Clock clock) {
		this.codec = codec;
		this.clock = clock;
	}

	/**
	 * Send a successor, trying again while there is time. Nothing of a message goes to a
	 * backend that forgets sooner than the one it came from, or without the signature or
	 * the encryption it had, and nothing is sent once it belongs to somebody else.
	 * @return whether it was sent, so that what it replaces can be acknowledged
	 */
	boolean send(Delivery delivery, JobMessage successor, boolean durable, Runnable send) {
		if (delivery.is(Trait.DURABLE) && !durable) {
			logger.warn(
					"{} is released: the backend of queue '{}' would forget it with the process, the caller does not",
					successor, successor.destination());
			return false;
		}
		if (!this.codec.protectsLike(delivery.body())) {
			logger.warn("{} is released: it was signed or encrypted, and its successor would not be: set '{}'",
					successor, this.codec.signs() ? "jobs.encryption.key-id" : "jobs.signing.key-id");
			return false;
		}
		Instant deadline = delivery.deadline();
		Duration budget = (deadline != null) ? Duration.between(this.clock.instant(), deadline) : DEFAULT_RESERVE;
		budget = (budget.compareTo(MAX_RESERVE) < 0) ? budget : MAX_RESERVE;
		long end = System.nanoTime() + budget.toNanos();
		for (long pause = 50;; pause = Math.min(pause * 2, 1000)) {
			if (isLost(delivery)) {
				return false;
			}
			try {
				if (!delivery.lease().confirm()) {
					return false;
				}
				send.run();
				return true;
			}
			catch (DuplicateMessageException ex) {
				// Sent before, by a run whose acknowledgement was lost.
				return true;
			}
			catch (RuntimeException ex) {
				boolean isHopeless = ex instanceof SchedulingNotSupportedException;
				boolean isLate = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause) > end;
				if (isHopeless || isLate || !sleep(pause)) {
					logger.error("{} could not be sent, what it replaces is released", successor, ex);
					return false;
				}
			}
		}
	}

	/**
	 * Return whether a delivery belongs to somebody else, or will at any moment.
	 */
	boolean isLost(Delivery delivery) {
		return delivery.lease().isLost()
				|| (delivery.deadline() != null && !this.clock.instant().isBefore(delivery.deadline()));
	}

	/**
	 * Return whether a delivery may be settled without anything in its place: nobody has
	 * taken it back. One whose platform cannot be asked is released.
	 */
	boolean mayEnd(Delivery delivery) {
		try {
			return !isLost(delivery) && delivery.lease().confirm();
		}
		catch (RuntimeException ex) {
			logger.error("{} is released, since its platform cannot be asked", delivery, ex);
			return false;
		}
	}

	private static boolean sleep(long millis) {
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
