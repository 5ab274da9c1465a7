package dev.backgroundjobs.delivery;

import java.time.Duration;

/**
 * A loop that takes messages from a queue and hands them to the
 * {@link DeliveryProcessor}. Started and stopped with the application context.
 */
public interface JobWorker {

	/**
	 * Start to take messages. Refuses here what the environment cannot do.
	 */
	void start();

	/**
	 * Stop to take messages at once, and wait for those that run.
	 * @param grace how long to wait at most
	 */
	void stop(Duration grace);

}
