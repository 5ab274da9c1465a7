package dev.backgroundjobs;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * How one call of a job is sent, where it differs from the job's declaration. Immutable;
 * start with {@link #queue(String)} or {@link #none()}.
 *
 * @param queue the queue to send to, or {@code null} for the job's own
 * @param priority the priority, or {@code null} for the job's own
 * @param id the job's id, a UUID, or {@code null} for a new one. Enqueueing twice with
 * the same id sends the same message: a backend that de-duplicates takes it once
 * @param deduplicationKey a key under which a backend that de-duplicates takes a job only
 * once, at most 256 characters, or {@code null} for none
 * @param group what the job is kept in order with on a queue that keeps order, and fairly
 * shared by where the platform does that, such as a customer's number: 1 to 128 printable
 * characters of ASCII without spaces, or {@code null}
 * @param expiresAt the time after which the job is no longer started, or {@code null} for
 * never
 * @param expiresIn the time from enqueueing after which the job is no longer started,
 * above zero, or {@code null} for never
 * @param headers headers that travel with the message; see {@link #header}
 * @param startCursor the position an iteration begins after, or {@code null} for its
 * start
 */
public record JobOptions(@Nullable String queue, @Nullable Integer priority, @Nullable String id,
		@Nullable String deduplicationKey, @Nullable String group, @Nullable Instant expiresAt,
		@Nullable Duration expiresIn, Map<String, String> headers, @Nullable Object startCursor) {

	private static final JobOptions NONE = new JobOptions(null, null, null, null, null, null, null, Map.of(), null);

	/**
	 * Create options.
	 */
	public JobOptions {
		headers.forEach((name, value) -> {
			Objects.requireNonNull(name, "A header has no name");
			Objects.requireNonNull(value, () -> "Header '" + name + "' has no value");
		});
		headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
		if (deduplicationKey != null && (deduplicationKey.isEmpty() || deduplicationKey.length() > 256)) {
			throw new IllegalArgumentException("The de-duplication key has " + deduplicationKey.length()
					+ " characters: give 1 to 256, a hash of a longer one for example");
		}
		if (group != null
				&& (group.isEmpty() || group.length() > 128 || !group.chars().allMatch((c) -> c > ' ' && c < 127))) {
			throw new IllegalArgumentException("Group '" + group + "' is not made of 1 to 128 printable characters of "
					+ "ASCII without spaces, as platforms demand: give a number or a hash of it");
		}
		if (expiresAt != null && expiresIn != null) {
			throw new IllegalArgumentException("Both expiresAt and expiresIn are given: give one of them");
		}
		if (expiresIn != null && (expiresIn.isZero() || expiresIn.isNegative())) {
			throw new IllegalArgumentException("expiresIn is " + expiresIn
					+ ", so that the job would expire before it could start: give a time above zero");
		}
	}

	/**
	 * Options that change nothing, to start from.
	 * @return the options
	 */
	public static JobOptions none() {
		return NONE;
	}

	/**
	 * Send to a queue instead of the job's own. A job that another service declares is
	 * named with its queue.
	 * @param queue the queue
	 * @return the options
	 */
	public static JobOptions queue(String queue) {
		return new JobOptions(queue, null, null, null, null, null, null, Map.of(), null);
	}

	/**
	 * Set the priority.
	 * @param priority the priority; higher goes first
	 * @return options with that priority
	 */
	public JobOptions priority(int priority) {
		return new JobOptions(this.queue, priority, this.id, this.deduplicationKey, this.group, this.expiresAt,
				this.expiresIn, this.headers, this.startCursor);
	}

	/**
	 * Set the job's id, so that a repeated call is recognisable.
	 * @param id a UUID
	 * @return options with that id
	 */
	public JobOptions id(String id) {
		return new JobOptions(this.queue, this.priority, id, this.deduplicationKey, this.group, this.expiresAt,
				this.expiresIn, this.headers, this.startCursor);
	}

	/**
	 * Set the key under which a backend that de-duplicates takes the job only once.
	 * @param deduplicationKey the key, 1 to 256 characters
	 * @return options with that key
	 */
	public JobOptions deduplicationKey(String deduplicationKey) {
		return new JobOptions(this.queue, this.priority, this.id, deduplicationKey, this.group, this.expiresAt,
				this.expiresIn, this.headers, this.startCursor);
	}

	/**
	 * Set the group that the job is kept in order with, or fairly shared by, where its
	 * queue does that. Elsewhere it changes nothing.
	 * @param group the group, 1 to 128 printable characters of ASCII without spaces
	 * @return options with that group
	 */
	public JobOptions group(String group) {
		return new JobOptions(this.queue, this.priority, this.id, this.deduplicationKey, group, this.expiresAt,
				this.expiresIn, this.headers, this.startCursor);
	}

	/**
	 * Set the time after which the job is no longer started. A job that has started does
	 * not expire.
	 * @param expiresAt the time
	 * @return options with that time
	 */
	public JobOptions expiresAt(Instant expiresAt) {
		return new JobOptions(this.queue, this.priority, this.id, this.deduplicationKey, this.group, expiresAt, null,
				this.headers, this.startCursor);
	}

	/**
	 * Set how long after enqueueing the job may still be started.
	 * @param expiresIn the time from enqueueing, above zero
	 * @return options with that time
	 */
	public JobOptions expiresIn(Duration expiresIn) {
		return new JobOptions(this.queue, this.priority, this.id, this.deduplicationKey, this.group, null, expiresIn,
				this.headers, this.startCursor);
	}

	/**
	 * Add a header, which the job reads from {@link JobContext#headers()}.
	 * @param name the header's name
	 * @param value the header's value
	 * @return options with that header
	 */
	public JobOptions header(String name, String value) {
		Map<String, String> headers = new LinkedHashMap<>(this.headers);
		headers.put(name, value);
		return new JobOptions(this.queue, this.priority, this.id, this.deduplicationKey, this.group, this.expiresAt,
				this.expiresIn, headers, this.startCursor);
	}

	/**
	 * Begin an iteration after a position instead of at its start. Its total is unknown
	 * then, and {@code onStart} is called as ever.
	 * @param startCursor a cursor of the job's source, as
	 * {@code JobProgressEvent.cursor()} gives it for example
	 * @return options with that position
	 */
	public JobOptions startCursor(Object startCursor) {
		Objects.requireNonNull(startCursor,
				"The start cursor is null, which would begin at the start: leave it out where that is meant");
		return new JobOptions(this.queue, this.priority, this.id, this.deduplicationKey, this.group, this.expiresAt,
				this.expiresIn, this.headers, startCursor);
	}

	/**
	 * Combine with options that win over these. Headers of both are kept.
	 * @param other the other options
	 * @return the combination
	 */
	public JobOptions overriddenBy(JobOptions other) {
		if (this.equals(NONE)) {
			return other;
		}
		if (other.equals(NONE)) {
			return this;
		}
		Map<String, String> headers = new LinkedHashMap<>(this.headers);
		headers.putAll(other.headers);
		boolean expires = other.expiresAt != null || other.expiresIn != null;
		return new JobOptions((other.queue != null) ? other.queue : this.queue,
				(other.priority != null) ? other.priority : this.priority, (other.id != null) ? other.id : this.id,
				(other.deduplicationKey != null) ? other.deduplicationKey : this.deduplicationKey,
				(other.group != null) ? other.group : this.group, expires ? other.expiresAt : this.expiresAt,
				expires ? other.expiresIn : this.expiresIn, headers,
				(other.startCursor != null) ? other.startCursor : this.startCursor);
	}

}
