package dev.backgroundjobs.adapter.scheduler;

import software.amazon.awssdk.services.scheduler.SchedulerClientBuilder;

/**
 * Changes the client that schedules are created with before it is built, to give other
 * credentials for example. Declare it as a bean; several are called in the order of
 * {@code @Order}, after region, endpoint and time limits are set.
 */
@FunctionalInterface
public interface SchedulerJobCustomizer {

	/**
	 * Change the client.
	 * @param builder builds the client
	 */
	void customize(SchedulerClientBuilder builder);

}
