package dev.backgroundjobs.delivery;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.dispatch.QueueRouter.SizeLimit;
import dev.backgroundjobs.event.EventMessages;
import dev.backgroundjobs.message.ArgumentException;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.UnreadableMessageException;
import io.cloudevents.CloudEvent;

/**
 * The first messages of the jobs that an event starts, each within the limits of its
 * queue and of who reads it: what replaces it after a failed attempt must be as well, or
 * the job would be lost, or begin anew for ever.
 */
final class FirstMessages {

	private final EventMessages events;

	private final Supplier<JobDefinitions> definitions;

	private final JobMessageCodec codec;

	private final QueueRouter router;

	private final Clock clock;

	FirstMessages(EventMessages events, Supplier<JobDefinitions> definitions, JobMessageCodec codec, QueueRouter router,
			Clock clock) {
		this.events = events;
		this.definitions = definitions;
		this.codec = codec;
		this.router = router;
		this.clock = clock;
	}

	/**
	 * Return the messages, none when the event starts no job.
	 * @throws UnreadableMessageException when one could not travel
	 */
	List<JobMessage> of(CloudEvent event) {
		List<JobMessage> messages;
		try {
			messages = this.events.messages(event);
		}
		catch (ArgumentException ex) {
			throw new UnreadableMessageException("is no argument of a job it starts: " + ex.getMessage());
		}
		messages.forEach(this::check);
		return messages;
	}

	private void check(JobMessage message) {
		SizeLimit limit = this.router.firstMessageLimit(message.queue());
		int size;
		try {
			size = this.codec.checkedSize(message);
		}
		catch (UnreadableMessageException ex) {
			throw refused(message, String.valueOf(ex.getMessage()));
		}
		if (size > limit.firstMessageBytes()) {
			throw refused(message, "has " + size + " bytes, of which queue '" + message.queue() + "' takes "
					+ limit.firstMessageBytes() + " (" + limit.of() + " takes " + limit.bytes() + ")");
		}
	}

	/**
	 * Return whether a job may need longer than the delivery of its event may take, so
	 * that its first attempt would be stopped and lost.
	 */
	boolean needsLonger(JobMessage message, Delivery delivery) {
		JobDefinition job = this.definitions.get().find(message.job());
		Instant deadline = delivery.deadline();
		return job != null && job.timeout() != null && deadline != null
				&& this.clock.instant().plus(job.timeout()).isAfter(deadline) && !delivery.is(Trait.ORDERED)
				&& this.router.route(message.queue()).isDurable();
	}

	private static UnreadableMessageException refused(JobMessage message, String why) {
		return new UnreadableMessageException("makes a message of job '" + message.job() + "' that " + why
				+ ": send where the data is, or let the job take less of it");
	}

	/**
	 * Say that an event starts no job.
	 * @return whether to acknowledge it
	 */
	boolean unmatched(CloudEvent event) {
		return this.events.unmatched(event);
	}

}
