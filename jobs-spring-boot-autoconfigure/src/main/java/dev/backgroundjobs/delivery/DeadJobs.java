package dev.backgroundjobs.delivery;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;

import dev.backgroundjobs.backend.DeadLetterBackend;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.delivery.ProcessorSettings.LogDeadMessage;
import dev.backgroundjobs.dispatch.MessageSender;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.dispatch.QueueRouter.Route;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.message.JobError;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;

/**
 * Keeps copies of dead messages where there is a place, and says what died.
 */
final class DeadJobs {

	private static final Logger logger = LoggerFactory.getLogger(DeadJobs.class);

	private final SuccessorSender successors;

	private final MessageSender sender;

	private final QueueRouter router;

	private final ApplicationEventPublisher events;

	private final JobMessageCodec codec;

	private final LogDeadMessage logDeadMessage;

	private final DeliveryMeters meters;

	DeadJobs(SuccessorSender successors, MessageSender sender, QueueRouter router, ApplicationEventPublisher events,
			JobMessageCodec codec, LogDeadMessage logDeadMessage, DeliveryMeters meters) {
		this.successors = successors;
		this.sender = sender;
		this.router = router;
		this.events = events;
		this.codec = codec;
		this.logDeadMessage = logDeadMessage;
		this.meters = meters;
	}

	Settlement settle(Delivery delivery, JobMessage message, DeadReason deadReason, @Nullable Throwable cause) {
		String reason = deadReason.describe(message);
		AtomicReference<@Nullable String> keptIn = new AtomicReference<>();
		if (!keep(delivery, message, (cause != null) ? JobError.of(cause) : new JobError("", reason), keptIn)) {
			return Settlement.RELEASED;
		}
		String kept = keptIn.get();
		// A backend that can keep dead jobs and has not knows that its queue has no
		// place.
		boolean isReleased = kept == null && delivery.is(Trait.DEAD_LETTERED)
				&& !(this.router.route(message.queue()).backend() instanceof DeadLetterBackend);
		boolean logs = logs();
		logger.error("{} is dead: {}; {}{}", message, reason,
				isReleased ? "released until the platform keeps it" : kept(message, kept, logs),
				logs ? ": " + this.codec.encode(message).text() : "", cause);
		this.meters.dead(message, deadReason);
		Settler.publish(this.events, new DeadJobEvent(message, reason, cause, kept));
		if (isReleased) {
			return Settlement.DEAD_RELEASED;
		}
		return (kept != null) ? Settlement.DEAD_KEPT : Settlement.DEAD;
	}

	/**
	 * Put a copy where a person said, or else where the platform keeps what it gives up.
	 * @return whether the message may be settled: a copy is kept, or there is no place
	 */
	private boolean keep(Delivery delivery, JobMessage message, JobError error,
			AtomicReference<@Nullable String> keptIn) {
		Route route = this.router.route(message.queue());
		String deadLetter = route.deadLetter();
		JobMessage copy = message.successor()
			.attempt(1)
			.runAt(null)
			.expiresAt(null)
			.interruptions(0)
			.unknown(0)
			.relay(false)
			.error(error)
			.target(deadLetter)
			.build();
		if (deadLetter != null) {
			keptIn.set(deadLetter);
			boolean durable = this.router.route(deadLetter).isDurable();
			return this.successors.send(delivery, copy, durable, () -> this.sender.sendDead(copy));
		}
		if (route.backend() instanceof DeadLetterBackend backend) {
			boolean durable = route.capabilities().durable();
			return this.successors.send(delivery, copy, durable, () -> keptIn.set(backend.enqueueDead(copy)));
		}
		return this.successors.mayEnd(delivery);
	}

	private boolean logs() {
		return switch (this.logDeadMessage) {
			case NEVER -> false;
			case ENCRYPTED -> this.codec.encrypts();
			case ALWAYS -> true;
		};
	}

	private String kept(JobMessage message, @Nullable String kept, boolean logs) {
		if (kept != null) {
			return "kept in queue '" + kept + "'";
		}
		if (logs) {
			return "kept only in this line";
		}
		String listen = "kept nowhere: listen for DeadJobEvent, or set ";
		// A backend in memory has no place to keep anything.
		return this.router.route(message.queue()).capabilities().durable()
				? listen + "'jobs.queues." + message.queue() + ".dead-letter'"
				: listen + "'jobs.dead-letter.log-message=always'";
	}

}
