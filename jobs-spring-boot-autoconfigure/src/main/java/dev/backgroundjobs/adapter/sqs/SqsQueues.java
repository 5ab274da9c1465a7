package dev.backgroundjobs.adapter.sqs;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.sqs.SqsJobProperties.Queue;
import dev.backgroundjobs.message.MessageNames;

/**
 * What a queue is in SQS. Safe for use by several threads.
 */
final class SqsQueues {

	/** What the name of a queue that keeps order ends with, and no other. */
	static final String FIFO = ".fifo";

	private static final Queue DEFAULTS = new Queue(null, null, null);

	// Names come from messages, too: others than ours are not kept for ever.
	private static final int MAX_QUEUES = 1_000;

	private final Map<String, Queue> settings = new HashMap<>();

	private final int concurrency;

	private final SqsQueue.Surroundings surroundings;

	private final Map<String, SqsQueue> queues = new ConcurrentHashMap<>();

	SqsQueues(SqsJobProperties properties, SqsQueue.Surroundings surroundings) {
		this.concurrency = properties.worker().concurrency();
		this.surroundings = surroundings;
		properties.queues()
			.forEach((queue, settings) -> this.settings.put(MessageNames.withoutDashes(queue), settings));
	}

	/**
	 * Return the address of a queue in SQS, looked up by its name where no property says
	 * it.
	 * @throws JobException when it cannot be looked up
	 */
	String url(String queue) {
		return queue(queue).url();
	}

	/**
	 * Return whether a queue is a FIFO queue.
	 */
	boolean isFifo(String queue) {
		return queue(queue).isFifo();
	}

	/**
	 * Return how many jobs of a queue the worker runs at once.
	 */
	int concurrency(String queue) {
		Integer own = settings(queue).concurrency();
		return (own != null) ? own : this.concurrency;
	}

	/**
	 * Return whether SQS is known to keep what a queue gives up. May ask SQS the first
	 * time.
	 * @throws JobException when there is no such queue, or no way to it
	 */
	boolean hasRedrivePolicy(String queue) {
		SqsAttributes attributes = queue(queue).knownAttributes();
		return attributes != null && attributes.redrive() != null;
	}

	SqsQueue queue(String queue) {
		SqsQueue known = this.queues.get(queue);
		if (known != null) {
			return known;
		}
		Queue settings = settings(queue);
		URI url = settings.url();
		SqsQueue created = new SqsQueue(queue, (settings.name() != null) ? settings.name() : queue,
				(url != null) ? url.toString() : null, this.surroundings);
		if (this.queues.size() >= MAX_QUEUES) {
			return created;
		}
		SqsQueue other = this.queues.putIfAbsent(queue, created);
		return (other != null) ? other : created;
	}

	private Queue settings(String queue) {
		return this.settings.getOrDefault(MessageNames.withoutDashes(queue), DEFAULTS);
	}

}
