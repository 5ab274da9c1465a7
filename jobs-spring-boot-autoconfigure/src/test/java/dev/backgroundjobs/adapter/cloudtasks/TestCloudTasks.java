package dev.backgroundjobs.adapter.cloudtasks;

import java.time.Duration;

import com.google.cloud.tasks.v2.Queue;
import com.google.cloud.tasks.v2.RetryConfig;
import dev.backgroundjobs.cloudtasks.emulator.CloudTasksEmulator;

/**
 * A Cloud Tasks whose queues are as the documentation has users create them: they never
 * give a task up.
 */
final class TestCloudTasks {

	private TestCloudTasks() {
	}

	/**
	 * Start one.
	 * @param minBackoff the first wait before a task is pushed again
	 * @param queues full names of the queues there are; with none, every queue is there
	 */
	static CloudTasksEmulator start(Duration minBackoff, String... queues) {
		CloudTasksEmulator.Builder cloud = CloudTasksEmulator.builder()
			.retry(RetryConfig.newBuilder()
				.setMaxAttempts(-1)
				.setMinBackoff(com.google.protobuf.Duration.newBuilder().setNanos(minBackoff.toNanosPart()))
				.build());
		for (String queue : queues) {
			cloud.queue(Queue.newBuilder().setName(queue).build());
		}
		return cloud.start();
	}

}
