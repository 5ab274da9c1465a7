package dev.backgroundjobs.backend;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.message.JobMessage;

/**
 * Where messages go: a platform's queue, or a pool in the process. An application brings
 * its own as a bean, and runs {@code JobBackendContract} over it. Implementations are
 * safe for use by several threads and construct their client when it is first needed.
 * <p>
 * A message is turned into bytes by the {@code JobMessageCodec} bean, and put where
 * {@link JobMessage#destination()} says, which for a dead copy is not its
 * {@link JobMessage#queue()}. A backend only sends: the bytes come back over the
 * endpoint, or a {@code JobWorker} bean takes them, and it is that which needs the
 * {@code DeliveryProcessor}.
 * <p>
 * Methods throw an exception when the platform did not take a message for certain; the
 * caller repeats the call with the same message, so a backend that can refuse a second
 * message with the same {@link JobMessage#deliveryKey() delivery key} does.
 */
public interface JobBackend {

	/**
	 * Return the value of {@code jobs.backend} that selects this backend.
	 * @return the name: lower-case letters, digits and dashes
	 */
	String name();

	/**
	 * Send a message to be delivered at once.
	 * @param message the message
	 * @return the platform's own id of it
	 * @throws DuplicateMessageException when the platform has taken a message with the
	 * same key before
	 */
	String enqueue(JobMessage message);

	/**
	 * Send a message to be delivered at a time, or a little after it: never before.
	 * @param message the message
	 * @param time the time, never further away than
	 * {@link BackendCapabilities#maxDelay()}
	 * @return the platform's own id of it
	 * @throws DuplicateMessageException when the platform has taken a message with the
	 * same key before
	 * @throws SchedulingNotSupportedException when it cannot delay at all
	 */
	String enqueueAt(JobMessage message, Instant time);

	/**
	 * Send several messages to be delivered at once, in the platform's own batches where
	 * it has them.
	 * @param messages the messages
	 * @return one result for each message, in their order
	 */
	default List<SendResult> enqueueAll(List<JobMessage> messages) {
		List<SendResult> results = new ArrayList<>(messages.size());
		for (JobMessage message : messages) {
			results.add(SendResult.of(() -> enqueue(message)));
		}
		return results;
	}

	/**
	 * Return what this backend can do.
	 * @return the capabilities, always the same
	 */
	BackendCapabilities capabilities();

	/**
	 * Return what this backend can do for one queue, where its queues differ: one that
	 * keeps the order of messages may not be able to delay single ones.
	 * @param queue the queue
	 * @return the capabilities, always the same for a queue
	 */
	default BackendCapabilities capabilities(String queue) {
		return capabilities();
	}

}
