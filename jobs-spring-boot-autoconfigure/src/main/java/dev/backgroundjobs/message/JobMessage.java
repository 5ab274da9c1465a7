package dev.backgroundjobs.message;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.backgroundjobs.ParallelPart;
import org.jspecify.annotations.Nullable;

/**
 * One request to run a job: what travels. {@code docs/message-format.md} describes its
 * JSON field by field.
 *
 * @param v the version of the format
 * @param id the job's id, a UUID, the same over retries
 * @param seq 0 for a job's first message, one more in every successor
 * @param job the job's name
 * @param queue the queue the job belongs to
 * @param args the arguments: the text of a JSON array with one value for each parameter
 * @param attempt the attempt this message asks for, from 1
 * @param enqueuedAt when the job was enqueued
 * @param runAt when the job is to run, or {@code null} for at once
 * @param expiresAt when the job is no longer started, or {@code null} for never
 * @param priority the priority, higher first
 * @param group what the message is kept in order with, or fairly shared by, where its
 * queue can; or {@code null}
 * @param interruptions how often a shutdown interrupted this attempt
 * @param unknown how often the message met an instance that does not know the job
 * @param relay whether a delay backend holds the message for its queue's own backend
 * @param parallel which part of a parallel iteration the job is, or {@code null}
 * @param iteration how far an iteration is, or {@code null} before its first slice and
 * for other jobs
 * @param error the last failure, or {@code null}
 * @param headers trace context and headers of the caller
 * @param extra fields this version does not know, as JSON text by name; successors keep
 * them
 * @param target the queue the message is put on where that is not {@code queue}, as for a
 * dead copy; does not travel
 * @param deduplicationKey a caller's key under which a backend takes this message only
 * once, or {@code null}; does not travel
 */
public record JobMessage(int v, String id, int seq, String job, String queue, String args, int attempt,
		Instant enqueuedAt, @Nullable Instant runAt, @Nullable Instant expiresAt, int priority, @Nullable String group,
		int interruptions, int unknown, boolean relay, @Nullable ParallelPart parallel,
		@Nullable IterationState iteration, @Nullable JobError error, Map<String, String> headers,
		Map<String, String> extra, @Nullable String target, @Nullable String deduplicationKey) {

	/** The version of the format that this library writes. */
	public static final int VERSION = 1;

	/**
	 * Create a message.
	 */
	public JobMessage {
		headers = copy(headers);
		extra = copy(extra);
	}

	/**
	 * Start a job's first message.
	 * @param id the job's id, a UUID
	 * @param job the job's name
	 * @param queue the queue
	 * @param args the text of a JSON array
	 * @param enqueuedAt when the job was enqueued
	 * @return a builder
	 */
	public static JobMessageBuilder builder(String id, String job, String queue, String args, Instant enqueuedAt) {
		return new JobMessageBuilder(id, job, queue, args, enqueuedAt);
	}

	/**
	 * Start a message that replaces this one. It has the next {@code seq} and everything
	 * else of this one.
	 * @return a builder
	 */
	public JobMessageBuilder successor() {
		return new JobMessageBuilder(this).seq(this.seq + 1);
	}

	/**
	 * Start the first message of a job that does a part of this one's work. It has the
	 * version, name, queue, arguments, priority, group, headers and unknown fields of
	 * this one.
	 * @param id the part's id, a UUID
	 * @param enqueuedAt when the part was enqueued
	 * @return a builder
	 */
	public JobMessageBuilder part(String id, Instant enqueuedAt) {
		JobMessageBuilder builder = new JobMessageBuilder(this.v, id, this.job, this.queue, this.args, enqueuedAt)
			.priority(this.priority)
			.group(this.group)
			.headers(this.headers);
		this.extra.forEach(builder::extra);
		return builder;
	}

	/**
	 * Return this message with another {@code runAt}. It is the same message still, with
	 * the same key: for the way it is sent, not for a successor.
	 * @param runAt the time, or {@code null} for at once
	 * @return the message
	 */
	public JobMessage withRunAt(@Nullable Instant runAt) {
		return new JobMessageBuilder(this).target(this.target)
			.deduplicationKey(this.deduplicationKey)
			.runAt(runAt)
			.build();
	}

	/**
	 * Return this message with what a slice of it has come to: for what replaces it.
	 * @param iteration the state
	 * @return the message
	 */
	public JobMessage withIteration(IterationState iteration) {
		return new JobMessageBuilder(this).target(this.target)
			.deduplicationKey(this.deduplicationKey)
			.iteration(iteration)
			.build();
	}

	/**
	 * Return this message as the attempt that a redelivery of it is, where the platform
	 * counts attempts since a failed one is released.
	 * @param attempt the attempt
	 * @return the message
	 */
	public JobMessage withAttempt(int attempt) {
		return new JobMessageBuilder(this).target(this.target)
			.deduplicationKey(this.deduplicationKey)
			.attempt(attempt)
			.build();
	}

	/**
	 * Return this message as a delay backend holds it for its queue's own.
	 * @return the message, with {@code relay}
	 */
	public JobMessage relayed() {
		return new JobMessageBuilder(this).target(this.target)
			.deduplicationKey(this.deduplicationKey)
			.relay(true)
			.build();
	}

	/**
	 * Return the key of this message, which a redelivery shares and a successor does not:
	 * the only key for de-duplication.
	 * @return {@code id:seq}
	 */
	public String deliveryKey() {
		return this.id + ":" + this.seq;
	}

	/**
	 * Return the queue whose settings say where the message is put.
	 * @return the target, or else the queue
	 */
	public String destination() {
		return (this.target != null) ? this.target : this.queue;
	}

	/**
	 * Return whether the job has begun: an attempt or a slice of it was run, or it was
	 * cut into parts.
	 * @return whether it has
	 */
	public boolean isBegun() {
		IterationState iteration = this.iteration;
		return this.attempt > 1 || this.interruptions > 0
				|| (iteration != null && (iteration.slices() > 0 || !iteration.ranges().isEmpty()));
	}

	/**
	 * Return whether this is a format this library knows.
	 * @return whether the message can be run
	 */
	public boolean isKnownVersion() {
		return this.v == VERSION;
	}

	// In the order they came, which Map.copyOf would not keep.
	private static Map<String, String> copy(Map<String, String> map) {
		return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
	}

	/**
	 * Describe the message without its arguments and headers.
	 */
	@Override
	public String toString() {
		return "JobMessage[" + deliveryKey() + ", job=" + this.job + ", queue=" + this.queue + ", attempt="
				+ this.attempt + "]";
	}

}
