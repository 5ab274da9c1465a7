package dev.backgroundjobs.adapter.pubsub;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.pubsub.PubSubJobProperties.Queue;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;

/**
 * What a queue is in Pub/Sub. Safe for use by several threads.
 */
final class PubSubQueues {

	// Pub/Sub's own rule, for topics and subscriptions.
	private static final Pattern ID = Pattern.compile("(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}");

	private static final Pattern TOPIC_PATH = Pattern.compile("projects/[^/]+/topics/([^/]+)");

	private static final Pattern SUBSCRIPTION_PATH = Pattern.compile("projects/[^/]+/subscriptions/([^/]+)");

	private static final Queue DEFAULTS = new Queue(null, null, false, null, null);

	// Names come from messages, too: others than ours are not kept for ever.
	private static final int MAX_TOPICS = 1_000;

	private final Map<String, Queue> queues = new HashMap<>();

	private final int concurrency;

	private final Set<String> topics = ConcurrentHashMap.newKeySet();

	private final Set<String> orderedTopics = ConcurrentHashMap.newKeySet();

	PubSubQueues(PubSubJobProperties properties) {
		this.concurrency = properties.worker().concurrency();
		properties.queues().forEach((queue, settings) -> {
			this.queues.put(MessageNames.withoutDashes(queue), settings);
			if (settings.ordered()) {
				this.orderedTopics.add((settings.topic() != null) ? settings.topic() : queue);
			}
		});
	}

	/**
	 * Return the topic of a queue, as it is to be published to.
	 */
	String topic(String queue) {
		String topic = topicOf(queue);
		if (!isTopic(topic)) {
			throw new JobException("Queue '" + queue + "' has no topic: '" + topic + "' is " + NO_ID
					+ ". Set 'jobs.pubsub.queues." + queue + ".topic' to the id of one");
		}
		if (this.topics.size() < MAX_TOPICS) {
			this.topics.add(topic);
		}
		// A key of properties may lack the dashes of its queue.
		if (isOrdered(queue)) {
			this.orderedTopics.add(topic);
		}
		return topic;
	}

	static final String NO_ID = "no id of Pub/Sub: 3 to 255 letters, digits and -._~+%, starting with a letter and "
			+ "not with 'goog'";

	String topicOf(String queue) {
		String topic = settings(queue).topic();
		return (topic != null) ? topic : queue;
	}

	String subscription(String queue) {
		String subscription = settings(queue).subscription();
		if (subscription != null) {
			return subscription;
		}
		String topic = topicOf(queue);
		return topic.substring(topic.lastIndexOf('/') + 1);
	}

	boolean isOrdered(String queue) {
		return settings(queue).ordered();
	}

	@Nullable Integer maxDeliveryAttempts(String queue) {
		return settings(queue).maxDeliveryAttempts();
	}

	int concurrency(String queue) {
		Integer own = settings(queue).concurrency();
		return (own != null) ? own : this.concurrency;
	}

	/**
	 * Return whether a topic is that of a queue, so that its publisher is ours to set up.
	 */
	boolean isOurs(String topic) {
		return this.topics.contains(topic) || this.orderedTopics.contains(topic);
	}

	boolean isOrderedTopic(String topic) {
		return this.orderedTopics.contains(topic);
	}

	static boolean isTopic(String name) {
		return isId(name, TOPIC_PATH);
	}

	static boolean isSubscription(String name) {
		return isId(name, SUBSCRIPTION_PATH);
	}

	static boolean same(String key, String queue) {
		return MessageNames.withoutDashes(key).equals(MessageNames.withoutDashes(queue));
	}

	private static boolean isId(String name, Pattern path) {
		Matcher matcher = path.matcher(name);
		return ID.matcher(matcher.matches() ? matcher.group(1) : name).matches();
	}

	private Queue settings(String queue) {
		return this.queues.getOrDefault(MessageNames.withoutDashes(queue), DEFAULTS);
	}

}
