package dev.backgroundjobs.delivery;

import java.time.Duration;

import dev.backgroundjobs.execution.Slice;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;

/**
 * Counts what becomes of deliveries. Every method does nothing unless metrics are there.
 * Safe for use by several threads.
 */
public interface DeliveryMeters {

	/** Counts nothing. */
	DeliveryMeters NONE = new DeliveryMeters() {
	};

	/**
	 * A run starts.
	 * @param message the message
	 * @param wait the time since it could have run, never negative
	 */
	default void waited(JobMessage message, Duration wait) {
	}

	/**
	 * The next attempt of a job is on its way.
	 * @param message the message whose run failed
	 */
	default void retried(JobMessage message) {
	}

	/**
	 * A job is dead.
	 * @param message the message
	 * @param reason why
	 */
	default void dead(JobMessage message, DeadReason reason) {
	}

	/**
	 * A job said never again.
	 * @param message the message
	 */
	default void discarded(JobMessage message) {
	}

	/**
	 * A shutdown ended a run.
	 * @param message the message
	 */
	default void interrupted(JobMessage message) {
	}

	/**
	 * A slice of an iteration has ended.
	 * @param message the message
	 * @param slice what it has come to, or {@code null} for a job that is no iteration
	 */
	default void iterated(JobMessage message, @Nullable Slice slice) {
	}

	/**
	 * A job was not started in time.
	 * @param message the message
	 */
	default void expired(JobMessage message) {
	}

	/**
	 * A message names no job of this application and is put off.
	 */
	default void deferred() {
	}

	/**
	 * A message without a signature was accepted while {@code jobs.signing.required} is
	 * {@code warn}.
	 * @param message the message
	 */
	default void unsigned(JobMessage message) {
	}

	/**
	 * A delivery was refused before it was taken for a message.
	 * @param reason why: one of a few constants in lower case with dashes
	 */
	default void refused(String reason) {
	}

	/**
	 * A delivery is settled.
	 * @param source what delivered: a backend's name, or {@code http}
	 * @param settlement what the platform is told
	 */
	default void settled(String source, Settlement settlement) {
	}

}
