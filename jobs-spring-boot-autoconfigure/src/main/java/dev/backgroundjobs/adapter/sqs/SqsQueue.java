package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.sqs.SqsAttributes.Redrive;
import dev.backgroundjobs.backend.BackendRequests;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * One queue in SQS: its address and what SQS says of it, each asked for when it is first
 * needed and kept from then on. Safe for use by several threads.
 */
final class SqsQueue {

	private static final Logger logger = LoggerFactory.getLogger(SqsQueue.class);

	// How long sending goes on without the attributes before they are asked for again.
	private static final Duration PAUSE = Duration.ofMinutes(1);

	private final String queue;

	private final String name;

	private final boolean isFifo;

	private final Surroundings surroundings;

	private final Lock lock = new ReentrantLock();

	private volatile @Nullable String url;

	private volatile @Nullable SqsAttributes attributes;

	private volatile @Nullable String deadLetterUrl;

	private volatile @Nullable Long refusedAt;

	/**
	 * Create a queue.
	 * @param queue its name here
	 * @param name its name in SQS
	 * @param url its address, or {@code null} when that is to be looked up
	 * @param surroundings what it asks, and tells
	 */
	SqsQueue(String queue, String name, @Nullable String url, Surroundings surroundings) {
		this.queue = queue;
		this.name = name;
		this.url = url;
		this.isFifo = ((url != null) ? url : name).endsWith(SqsQueues.FIFO);
		this.surroundings = surroundings;
	}

	String queue() {
		return this.queue;
	}

	boolean isFifo() {
		return this.isFifo;
	}

	/**
	 * Return the address.
	 * @throws JobException when it cannot be looked up
	 */
	String url() {
		String url = this.url;
		if (url != null) {
			return url;
		}
		return locked(() -> {
			String found = this.url;
			if (found == null) {
				found = lookUp(this.name, "");
				this.url = found;
			}
			return found;
		});
	}

	/**
	 * Return what SQS says of the queue.
	 * @throws JobException when SQS does not say it
	 */
	SqsAttributes attributes() {
		SqsAttributes attributes = this.attributes;
		if (attributes != null) {
			return attributes;
		}
		return locked(() -> {
			SqsAttributes found = this.attributes;
			if (found == null) {
				found = readAttributes();
				this.attributes = found;
				this.surroundings.check().check(this.queue, this.isFifo, found);
			}
			return found;
		});
	}

	/**
	 * Return what SQS says of the queue, where that is only good to know: it may be
	 * allowed to send and not to ask.
	 * @return the attributes, or {@code null} when SQS keeps them to itself
	 * @throws JobException when there is no such queue, or no way to it
	 */
	@Nullable SqsAttributes knownAttributes() {
		SqsAttributes attributes = this.attributes;
		Long refusedAt = this.refusedAt;
		boolean isToAsk = refusedAt == null || System.nanoTime() - refusedAt > PAUSE.toNanos();
		if (attributes != null || !isToAsk) {
			return attributes;
		}
		try {
			return attributes();
		}
		catch (JobException ex) {
			if (!(ex.getCause() instanceof AwsServiceException)
					|| ex.getCause() instanceof QueueDoesNotExistException) {
				throw ex;
			}
			this.refusedAt = System.nanoTime();
			if (refusedAt == null) {
				logger.warn("Messages are sent to queue '{}' without a look at its limits. {}", this.queue,
						ex.getMessage());
			}
			return null;
		}
	}

	/**
	 * Return the address of the queue that the redrive policy names.
	 * @param redrive the policy
	 * @throws JobException when it cannot be looked up
	 */
	String deadLetterUrl(Redrive redrive) {
		String url = this.deadLetterUrl;
		if (url == null) {
			url = lookUp(redrive.name(), redrive.account());
			this.deadLetterUrl = url;
		}
		return url;
	}

	private String lookUp(String name, String account) {
		this.surroundings.requests().count(SqsJobBackend.NAME, "describe", 0);
		try {
			return this.surroundings.client().get().getQueueUrl((request) -> {
				request.queueName(name).overrideConfiguration(SqsEntry.OVERRIDES);
				if (!account.isEmpty()) {
					request.queueOwnerAWSAccountId(account);
				}
			}).queueUrl();
		}
		catch (SdkException ex) {
			throw this.surroundings.failures().of(this.queue, name, "sqs:GetQueueUrl", ex);
		}
	}

	private SqsAttributes readAttributes() {
		String url = url();
		this.surroundings.requests().count(SqsJobBackend.NAME, "describe", 0);
		try {
			return SqsAttributes.of(this.surroundings.client()
				.get()
				.getQueueAttributes((request) -> request.queueUrl(url)
					.attributeNames(SqsAttributes.NAMES)
					.overrideConfiguration(SqsEntry.OVERRIDES))
				.attributes());
		}
		catch (SdkException ex) {
			throw this.surroundings.failures().of(this.queue, url, "sqs:GetQueueAttributes", ex);
		}
	}

	private <T> T locked(Supplier<T> action) {
		this.lock.lock();
		try {
			return action.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What queues ask, and tell.
	 *
	 * @param client returns the client
	 * @param failures says what a failed call means
	 * @param check looks at attributes that were read
	 * @param requests counts requests
	 */
	record Surroundings(Supplier<SqsClient> client, SqsFailures failures, Check check, BackendRequests requests) {
	}

	/**
	 * Looks at attributes that were read.
	 */
	@FunctionalInterface
	interface Check {

		/**
		 * Look at the attributes of a queue, the first time they are read.
		 */
		void check(String queue, boolean isFifo, SqsAttributes attributes);

	}

}
