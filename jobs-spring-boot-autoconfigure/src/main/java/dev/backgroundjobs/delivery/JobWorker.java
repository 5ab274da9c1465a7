package dev.backgroundjobs.delivery;

import java.time.Duration;

/**
 * A loop that takes messages from a queue and hands them to the
 * {@link DeliveryProcessor}. Declare it as a bean: it is started once everything is
 * checked, stopped before anything else of the application is, and started again when the
 * context is restarted.
 * <p>
 * A message is taken off its queue only when its {@link Settlement} is acknowledged; one
 * that is not is to be delivered again. A worker does not interrupt the threads on which
 * jobs run: the processor does, shortly before the grace is over.
 */
public interface JobWorker {

	/**
	 * Start to take messages. Refuses here what the environment cannot do.
	 */
	void start();

	/**
	 * Return whether this worker brings messages for as long as it is not stopped, so
	 * that the process must not end where no other thread keeps it, as without a web
	 * server.
	 * @return whether it does
	 */
	default boolean keepsAlive() {
		return false;
	}

	/**
	 * Return whether this worker alone may bring messages to this process, so that no
	 * other is started, as where the process was started for one message.
	 * @return whether others are not started
	 */
	default boolean isExclusive() {
		return false;
	}

	/**
	 * Stop to take messages at once, and wait for those that run.
	 * @param grace how long to wait at most
	 */
	void stop(Duration grace);

}
