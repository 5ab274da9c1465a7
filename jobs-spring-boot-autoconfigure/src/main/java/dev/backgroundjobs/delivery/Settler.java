package dev.backgroundjobs.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.ParallelBackend;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.dispatch.MessageSender;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.dispatch.QueueRouter.Route;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.execution.DiscardedJobEvent;
import dev.backgroundjobs.execution.ExpiredJobEvent;
import dev.backgroundjobs.execution.JobOutcome;
import dev.backgroundjobs.execution.JobOutcome.StopReason;
import dev.backgroundjobs.execution.Slice;
import dev.backgroundjobs.message.IterationState;
import dev.backgroundjobs.message.JobError;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Makes an outcome durable, successor or dead copy first, and only then lets the delivery
 * be acknowledged.
 */
final class Settler {

	private static final Logger logger = LoggerFactory.getLogger(Settler.class);

	// The first four shutdowns of an attempt are free; a job that never gets through is
	// counted from then on.
	private static final int FREE_INTERRUPTIONS = 4;

	private final MessageSender sender;

	private final QueueRouter router;

	private final ApplicationEventPublisher events;

	private final ProcessorSettings settings;

	private final Clock clock;

	private final SuccessorSender successors;

	private final DeadJobs deadJobs;

	private final DeliveryMeters meters;

	Settler(MessageSender sender, QueueRouter router, ApplicationEventPublisher events, JobMessageCodec codec,
			ProcessorSettings settings, DeliveryMeters meters, Clock clock) {
		this.sender = sender;
		this.router = router;
		this.events = events;
		this.settings = settings;
		this.meters = meters;
		this.clock = clock;
		this.successors = new SuccessorSender(codec, clock);
		this.deadJobs = new DeadJobs(this.successors, sender, router, events, codec, settings.logDeadMessage(), meters);
	}

	/**
	 * Send the first messages of the jobs that an event starts, then acknowledge it.
	 */
	Settlement start(Delivery delivery, List<JobMessage> messages) {
		JobMessage first = messages.stream()
			.filter((message) -> !this.router.route(message.queue()).isDurable())
			.findFirst()
			.orElse(messages.get(0));
		boolean durable = this.router.route(first.queue()).isDurable();
		List<JobMessage> left = new ArrayList<>(messages);
		boolean sent = this.successors.send(delivery, first, durable, () -> Parts.send(this.sender, left));
		return sent ? Settlement.REPLACED : Settlement.RELEASED;
	}

	Settlement settle(Delivery delivery, JobMessage message, JobDefinition definition, JobOutcome outcome) {
		if (outcome instanceof JobOutcome.Succeeded succeeded) {
			this.meters.iterated(message, succeeded.slice());
			return this.successors.isLost(delivery) ? Settlement.RELEASED : Settlement.DONE;
		}
		if (outcome instanceof JobOutcome.Discarded discarded) {
			if (this.successors.isLost(delivery)) {
				return Settlement.RELEASED;
			}
			logger.info("{} is discarded: {}", message, Failures.describe(discarded.cause()));
			this.meters.discarded(message);
			publish(new DiscardedJobEvent(message, discarded.cause()));
			return Settlement.DONE;
		}
		if (outcome instanceof JobOutcome.Failed failed) {
			Slice slice = failed.slice();
			this.meters.iterated(message, slice);
			int interruptions = (slice != null && slice.hasProgress()) ? 0 : message.interruptions();
			return failed(delivery, message, definition, Failures.describable(failed), interruptions);
		}
		if (outcome instanceof JobOutcome.Interrupted) {
			return interrupted(delivery, message, definition);
		}
		if (outcome instanceof JobOutcome.Stopped stopped) {
			return stopped(delivery, message, definition, stopped);
		}
		if (outcome instanceof JobOutcome.Split split) {
			return split(delivery, message, split);
		}
		logger.warn("{} has lost its lease: whoever gets it next owns the job", message);
		return Settlement.RELEASED;
	}

	private Settlement interrupted(Delivery delivery, JobMessage message, JobDefinition definition) {
		this.meters.interrupted(message);
		int interruptions = message.interruptions() + 1;
		if (interruptions > FREE_INTERRUPTIONS) {
			return failed(delivery, message, definition, interruptedTooOften(interruptions, null), interruptions);
		}
		if (delivery.is(Trait.ORDERED)) {
			logger.info("{} is interrupted by the shutdown and released, since its queue keeps order", message);
			return Settlement.RELEASED;
		}
		logger.info("{} is interrupted by the shutdown and enqueued again", message);
		return forward(delivery, message.successor().runAt(null).interruptions(interruptions).build());
	}

	private static JobOutcome.Failed interruptedTooOften(int interruptions, @Nullable Slice slice) {
		Throwable cause = new InterruptedException("Interrupted by a shutdown for the " + interruptions + "th time");
		return new JobOutcome.Failed(cause, null, true, slice);
	}

	// A slice that did nothing counts as an attempt, or a job could go on for ever: but
	// for
	// those that had to wait or were shut down, a few times.
	private Settlement stopped(Delivery delivery, JobMessage message, JobDefinition definition,
			JobOutcome.Stopped stopped) {
		boolean isThrottled = stopped.reason() == StopReason.THROTTLED;
		boolean isShutdown = stopped.reason() == StopReason.SHUTDOWN;
		if (isShutdown) {
			this.meters.interrupted(message);
		}
		Slice slice = isThrottled ? stopped.slice() : stopped.slice().interrupted();
		this.meters.iterated(message, slice);
		int interruptions = slice.hasProgress() ? 0 : message.interruptions() + (isShutdown ? 1 : 0);
		if (interruptions > FREE_INTERRUPTIONS) {
			return failed(delivery, message, definition, interruptedTooOften(interruptions, slice), interruptions);
		}
		if (!slice.hasProgress() && !isThrottled && !isShutdown) {
			Throwable cause = new IllegalStateException("The slice was asked to stop before an item was done");
			return failed(delivery, message, definition, new JobOutcome.Failed(cause, null, true, slice),
					interruptions);
		}
		int attempt = slice.attempt(message.attempt());
		Duration wait = atMostUnlimited(stopped.delay());
		logger.info("{} stops after {} items ({}){}, the next slice follows in {} ms", message, slice.items(),
				stopped.reason(), slice.position(), wait.toMillis());
		JobMessage successor = message.successor()
			.attempt(attempt)
			.error((attempt < message.attempt()) ? null : message.error())
			.interruptions(interruptions)
			.iteration(slice.state())
			.unknown(0)
			.runAt(wait.isZero() ? null : this.clock.instant().plus(wait))
			.build();
		return replace(delivery, successor, () -> this.sender.sendRetry(successor));
	}

	// The ranges are computed once and kept, so that a repeat enqueues the same parts.
	private Settlement split(Delivery delivery, JobMessage message, JobOutcome.Split split) {
		if (this.router.route(message.queue()).backend() instanceof ParallelBackend backend) {
			return splitAtOnce(delivery, message, split, backend);
		}
		if (!split.isKept()) {
			IterationState state = (message.iteration() != null) ? message.iteration() : IterationState.NEW;
			return forward(delivery, message.successor().runAt(null).iteration(state.withRanges(split.ends())).build());
		}
		List<JobMessage> left = Parts.of(message, split.ends(), this.clock.instant());
		logger.info("{} is walked in {} parts", message, left.size());
		return replace(delivery, message, () -> Parts.send(this.sender, left));
	}

	// One message for all parts, with the ranges: where it is, they are kept. Its time
	// says when its parts were enqueued.
	private Settlement splitAtOnce(Delivery delivery, JobMessage message, JobOutcome.Split split,
			ParallelBackend backend) {
		IterationState state = (message.iteration() != null) ? message.iteration() : IterationState.NEW;
		int count = split.ends().size() + 1;
		JobMessage parent = message.successor()
			.runAt(this.clock.instant())
			.iteration(state.withRanges(split.ends()))
			.build();
		logger.info("{} is walked in {} parts", message, count);
		return replace(delivery, parent, () -> backend.enqueueParts(parent, count));
	}

	private Settlement failed(Delivery delivery, JobMessage delivered, JobDefinition definition,
			JobOutcome.Failed failed, int interruptions) {
		Slice slice = failed.slice();
		JobMessage message = (slice != null) ? delivered.withIteration(slice.state()) : delivered;
		int attempt = (slice != null) ? slice.attempt(message.attempt()) : message.attempt();
		if (!failed.isRetryable() || attempt >= definition.maxAttempts()) {
			DeadReason reason = failed.isRetryable() ? DeadReason.ATTEMPTS_USED_UP : DeadReason.NOT_RETRIED;
			return dead(delivery, message, reason, failed.cause());
		}
		Duration wait = (failed.retryAfter() != null) ? failed.retryAfter()
				: definition.backoff().after(attempt, ThreadLocalRandom.current());
		wait = atMostUnlimited(wait);
		if (delivery.is(Trait.ORDERED)) {
			logger.warn("{} has failed and is released: attempt {} of {} comes from its queue, which keeps order",
					message, attempt + 1, definition.maxAttempts(), failed.cause());
			delivery.lease().releaseAfter(wait);
			this.meters.retried(message);
			return Settlement.RELEASED;
		}
		wait = this.router.route(message.queue()).canDelay() ? wait : Duration.ZERO;
		Instant runAt = wait.isZero() || wait.isNegative() ? null : this.clock.instant().plus(wait);
		logger.warn("{} has failed{}, attempt {} of {} follows in {} ms", message,
				(slice != null) ? slice.position() : "", attempt + 1, definition.maxAttempts(), wait.toMillis(),
				failed.cause());
		JobMessage successor = message.successor()
			.attempt(attempt + 1)
			.interruptions(interruptions)
			.unknown(0)
			.runAt(runAt)
			.error(JobError.of(failed.cause()))
			.build();
		Settlement settlement = replace(delivery, successor, () -> this.sender.sendRetry(successor));
		if (settlement.isAcknowledged()) {
			this.meters.retried(message);
		}
		return settlement;
	}

	private static Duration atMostUnlimited(Duration wait) {
		return (wait.compareTo(BackendCapabilities.UNLIMITED) < 0) ? wait : BackendCapabilities.UNLIMITED;
	}

	/**
	 * Send a message that a delay backend held to its queue's own backend, at once: what
	 * is early by less than the tolerance is not put off again.
	 */
	Settlement relay(Delivery delivery, JobMessage successor) {
		return replace(delivery, successor, () -> this.sender.sendNow(successor));
	}

	/**
	 * Send a message on its way again, then acknowledge what it replaces. It never runs
	 * before its time.
	 */
	Settlement forward(Delivery delivery, JobMessage successor) {
		return replace(delivery, successor, () -> this.sender.send(successor));
	}

	private Settlement replace(Delivery delivery, JobMessage successor, Runnable send) {
		boolean durable = this.router.route(successor.queue()).isDurable();
		return this.successors.send(delivery, successor, durable, send) ? Settlement.REPLACED : Settlement.RELEASED;
	}

	/**
	 * Put a message of an unknown job off, unless its queue cannot delay.
	 */
	Settlement defer(Delivery delivery, JobMessage successor, Instant time) {
		Route route = this.router.route(successor.queue());
		logger.warn("{} {}", successor, successor.isKnownVersion() ? "names a job that is not declared here"
				: "is of version " + successor.v() + ", newer than " + JobMessage.VERSION);
		this.meters.deferred();
		boolean sent = route.canDelay() && this.successors.send(delivery, successor, route.isDurable(),
				() -> this.sender.sendAt(successor, time));
		return sent ? Settlement.REPLACED : Settlement.RELEASED_UNKNOWN;
	}

	Settlement expired(Delivery delivery, JobMessage message) {
		if (this.settings.expiredIsDead()) {
			return dead(delivery, message, DeadReason.EXPIRED, null);
		}
		logger.info("{} has expired before its first run", message);
		this.meters.expired(message);
		publish(new ExpiredJobEvent(message));
		return Settlement.EXPIRED;
	}

	/**
	 * Keep a copy of a dead message where there is a place, say so, and acknowledge.
	 */
	Settlement dead(Delivery delivery, JobMessage message, DeadReason reason, @Nullable Throwable cause) {
		return this.deadJobs.settle(delivery, message, reason, cause);
	}

	private void publish(Object event) {
		publish(this.events, event);
	}

	// A listener that throws changes no settlement.
	static void publish(ApplicationEventPublisher events, Object event) {
		try {
			events.publishEvent(event);
		}
		catch (Throwable ex) {
			logger.error("A listener of {} failed", event.getClass().getSimpleName(), ex);
		}
	}

}
