package dev.backgroundjobs.message;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.backgroundjobs.ParallelPart;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link JobMessage}. Not safe for use by several threads.
 */
public final class JobMessageBuilder {

	private final int v;

	private final String id;

	private int seq;

	private final String job;

	private final String queue;

	private final String args;

	private int attempt = 1;

	private final Instant enqueuedAt;

	private @Nullable Instant runAt;

	private @Nullable Instant expiresAt;

	private int priority;

	private @Nullable String group;

	private int interruptions;

	private int unknown;

	private boolean relay;

	private @Nullable ParallelPart parallel;

	private @Nullable IterationState iteration;

	private @Nullable JobError error;

	private final Map<String, String> headers = new LinkedHashMap<>();

	private final Map<String, String> extra = new LinkedHashMap<>();

	private @Nullable String target;

	private @Nullable String deduplicationKey;

	JobMessageBuilder(String id, String job, String queue, String args, Instant enqueuedAt) {
		this(JobMessage.VERSION, id, job, queue, args, enqueuedAt);
	}

	JobMessageBuilder(int v, String id, String job, String queue, String args, Instant enqueuedAt) {
		this.v = v;
		this.id = id;
		this.job = job;
		this.queue = queue;
		this.args = args;
		this.enqueuedAt = enqueuedAt;
	}

	JobMessageBuilder(JobMessage message) {
		this(message.v(), message.id(), message.job(), message.queue(), message.args(), message.enqueuedAt());
		this.seq = message.seq();
		this.attempt = message.attempt();
		this.runAt = message.runAt();
		this.expiresAt = message.expiresAt();
		this.priority = message.priority();
		this.group = message.group();
		this.interruptions = message.interruptions();
		this.unknown = message.unknown();
		this.relay = message.relay();
		this.parallel = message.parallel();
		this.iteration = message.iteration();
		this.error = message.error();
		this.headers.putAll(message.headers());
		this.extra.putAll(message.extra());
	}

	JobMessageBuilder seq(int seq) {
		this.seq = seq;
		return this;
	}

	/**
	 * Set the attempt.
	 * @param attempt the attempt, from 1
	 * @return this builder
	 */
	public JobMessageBuilder attempt(int attempt) {
		this.attempt = attempt;
		return this;
	}

	/**
	 * Set when the job is to run.
	 * @param runAt the time, or {@code null} for at once
	 * @return this builder
	 */
	public JobMessageBuilder runAt(@Nullable Instant runAt) {
		this.runAt = runAt;
		return this;
	}

	/**
	 * Set when the job is no longer started.
	 * @param expiresAt the time, or {@code null} for never
	 * @return this builder
	 */
	public JobMessageBuilder expiresAt(@Nullable Instant expiresAt) {
		this.expiresAt = expiresAt;
		return this;
	}

	/**
	 * Set the priority.
	 * @param priority the priority, higher first
	 * @return this builder
	 */
	public JobMessageBuilder priority(int priority) {
		this.priority = priority;
		return this;
	}

	/**
	 * Set what the message is kept in order with, or fairly shared by.
	 * @param group the group, 1 to 128 printable characters of ASCII, or {@code null}
	 * @return this builder
	 */
	public JobMessageBuilder group(@Nullable String group) {
		this.group = group;
		return this;
	}

	/**
	 * Set how often a shutdown interrupted this attempt.
	 * @param interruptions the number
	 * @return this builder
	 */
	public JobMessageBuilder interruptions(int interruptions) {
		this.interruptions = interruptions;
		return this;
	}

	/**
	 * Set how often the message met an instance that does not know the job.
	 * @param unknown the number
	 * @return this builder
	 */
	public JobMessageBuilder unknown(int unknown) {
		this.unknown = unknown;
		return this;
	}

	/**
	 * Set whether a delay backend holds the message for its queue's own backend.
	 * @param relay whether it does
	 * @return this builder
	 */
	public JobMessageBuilder relay(boolean relay) {
		this.relay = relay;
		return this;
	}

	/**
	 * Set which part of a parallel iteration the job is.
	 * @param parallel the part, or {@code null}
	 * @return this builder
	 */
	public JobMessageBuilder parallel(@Nullable ParallelPart parallel) {
		this.parallel = parallel;
		return this;
	}

	/**
	 * Set how far an iteration is.
	 * @param iteration the state, or {@code null}
	 * @return this builder
	 */
	public JobMessageBuilder iteration(@Nullable IterationState iteration) {
		this.iteration = iteration;
		return this;
	}

	/**
	 * Set the last failure.
	 * @param error the failure, or {@code null}
	 * @return this builder
	 */
	public JobMessageBuilder error(@Nullable JobError error) {
		this.error = error;
		return this;
	}

	/**
	 * Add headers.
	 * @param headers the headers
	 * @return this builder
	 */
	public JobMessageBuilder headers(Map<String, String> headers) {
		this.headers.putAll(headers);
		return this;
	}

	JobMessageBuilder extra(String name, String json) {
		this.extra.put(name, json);
		return this;
	}

	/**
	 * Set the queue the message is put on where that is not its own.
	 * @param target the queue, or {@code null}
	 * @return this builder
	 */
	public JobMessageBuilder target(@Nullable String target) {
		this.target = target;
		return this;
	}

	/**
	 * Set a caller's key under which a backend takes this message only once.
	 * @param deduplicationKey the key, or {@code null}
	 * @return this builder
	 */
	public JobMessageBuilder deduplicationKey(@Nullable String deduplicationKey) {
		this.deduplicationKey = deduplicationKey;
		return this;
	}

	/**
	 * Build the message.
	 * @return the message
	 */
	public JobMessage build() {
		return new JobMessage(this.v, this.id, this.seq, this.job, this.queue, this.args, this.attempt, this.enqueuedAt,
				this.runAt, this.expiresAt, this.priority, this.group, this.interruptions, this.unknown, this.relay,
				this.parallel, this.iteration, this.error, this.headers, this.extra, this.target,
				this.deduplicationKey);
	}

}
