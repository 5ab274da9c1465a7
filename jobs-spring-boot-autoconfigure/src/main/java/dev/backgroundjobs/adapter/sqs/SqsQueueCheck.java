package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.List;

import dev.backgroundjobs.adapter.sqs.SqsAttributes.Redrive;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.BackendJobs.BackendJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of settings of a queue that take jobs away from us: once, when its attributes are
 * first read, since nothing is asked of SQS when the application starts.
 */
final class SqsQueueCheck implements SqsQueue.Check {

	private static final Logger logger = LoggerFactory.getLogger(SqsQueueCheck.class);

	// Above our own limit (jobs.max-redeliveries, 20), so that the platform does not give
	// a job up before we do.
	private static final int ENOUGH_RECEIVES = 25;

	private final BackendJobs jobs;

	private final boolean hasWorker;

	SqsQueueCheck(BackendJobs jobs, boolean hasWorker) {
		this.jobs = jobs;
		this.hasWorker = hasWorker;
	}

	@Override
	public void check(String queue, boolean isFifo, SqsAttributes attributes) {
		List<BackendJob> own = this.jobs.on(SqsJobBackend.NAME)
			.stream()
			.filter((job) -> job.queue().equals(queue))
			.toList();
		Redrive redrive = attributes.redrive();
		if (redrive != null && redrive.maxReceiveCount() < ENOUGH_RECEIVES) {
			logger.warn(
					"The redrive policy of queue '{}' has a maxReceiveCount of {}: SQS counts outages, too, and may "
							+ "give a job up before it was run. Set it to {} or more",
					queue, redrive.maxReceiveCount(), ENOUGH_RECEIVES);
		}
		if (redrive == null && !own.isEmpty() && this.jobs.deadLetterOf(queue) == null) {
			logger.warn("Queue '{}' has no redrive policy, which would keep its dead jobs, and no "
					+ "'jobs.queues.{}.dead-letter': give it one of the two", queue, queue);
		}
		own.forEach((job) -> check(job, isFifo, attributes));
	}

	private void check(BackendJob job, boolean isFifo, SqsAttributes attributes) {
		Redrive redrive = attributes.redrive();
		if (isFifo && redrive != null && redrive.maxReceiveCount() <= job.maxAttempts()) {
			logger.warn(
					"Job '{}' has {} attempts, and SQS gives up after {} on its FIFO queue '{}': raise the "
							+ "maxReceiveCount of the redrive policy above it, or lower 'maxAttempts'",
					job.name(), job.maxAttempts(), redrive.maxReceiveCount(), job.queue());
		}
		Duration timeout = job.timeout();
		Duration visibility = attributes.visibilityTimeout();
		// A worker of ours keeps a message for as long as its job runs.
		if (!this.hasWorker && timeout != null && visibility != null && visibility.compareTo(timeout) < 0) {
			logger
				.warn("Job '{}' has a timeout of {}, and a message of queue '{}' is received again after {}: raise the "
						+ "queue's VisibilityTimeout above it", job.name(), timeout, job.queue(), visibility);
		}
	}

}
