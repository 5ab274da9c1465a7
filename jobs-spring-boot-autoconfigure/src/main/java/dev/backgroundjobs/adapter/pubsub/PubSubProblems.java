package dev.backgroundjobs.adapter.pubsub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.backgroundjobs.adapter.pubsub.PubSubJobProperties.Queue;
import dev.backgroundjobs.adapter.pubsub.PubSubJobProperties.Worker;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.BackendJobs.BackendJob;
import dev.backgroundjobs.autoconfigure.StartProblems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What would keep messages from being published, from getting in, or from being counted.
 */
final class PubSubProblems implements StartProblems {

	private static final Logger logger = LoggerFactory.getLogger(PubSubProblems.class);

	// Pub/Sub allows 10 s to 600 s.
	private static final Duration MIN_ACK_DEADLINE = Duration.ofSeconds(10);

	private static final Duration MAX_ACK_DEADLINE = Duration.ofMinutes(10);

	// A dead-letter policy allows 5 to 100.
	private static final int MIN_DELIVERY_ATTEMPTS = 5;

	private static final int MAX_DELIVERY_ATTEMPTS = 100;

	// Above our own limit (jobs.max-redeliveries, 20), so that the platform does not give
	// a job up before we do.
	private static final int ENOUGH_DELIVERY_ATTEMPTS = 25;

	private final PubSubJobProperties properties;

	private final PubSubQueues queues;

	private final BackendJobs jobs;

	private final Surroundings surroundings;

	PubSubProblems(PubSubJobProperties properties, PubSubQueues queues, BackendJobs jobs, Surroundings surroundings) {
		this.properties = properties;
		this.queues = queues;
		this.jobs = jobs;
		this.surroundings = surroundings;
	}

	@Override
	public List<String> find() {
		Set<String> problems = new LinkedHashSet<>();
		List<BackendJob> declared = this.jobs.on(PubSubJobBackend.NAME);
		if (!this.surroundings.hasTemplate()) {
			problems.add("Backend 'pubsub' needs the PubSubTemplate of Spring Cloud GCP, which is not there: remove "
					+ "'spring.cloud.gcp.pubsub.enabled=false'");
		}
		checkLimits(problems);
		Set<String> names = new TreeSet<>(this.properties.queues().keySet());
		declared.forEach((job) -> names.add(job.queue()));
		names.forEach((queue) -> checkNames(queue, problems));
		checkDeliveryAttempts(declared, problems);
		declared.forEach((job) -> checkTimeout(job, problems));
		if (!this.properties.worker().enabled() && this.surroundings.endpointIsClosed()) {
			problems.add("Backend 'pubsub' delivers to the endpoint, which would refuse it: set "
					+ "'jobs.google-oidc.audience' and 'jobs.google-oidc.emails' to those of the subscriptions (a "
					+ "signature is not looked for in what Pub/Sub wraps), or pull them "
					+ "(jobs.pubsub.worker.enabled=true)");
		}
		return new ArrayList<>(problems);
	}

	private void checkLimits(Set<String> problems) {
		Worker worker = this.properties.worker();
		within("ack-deadline", this.properties.ackDeadline(), MIN_ACK_DEADLINE, MAX_ACK_DEADLINE, problems);
		within("worker.max-lease", worker.maxLease(), Duration.ofSeconds(20), Duration.ofDays(7), problems);
		within("worker.release-delay", worker.releaseDelay(), Duration.ZERO, MAX_ACK_DEADLINE, problems);
		Map<String, Integer> concurrency = new TreeMap<>();
		concurrency.put("worker.concurrency", worker.concurrency());
		this.properties.queues().forEach((queue, settings) -> {
			if (settings.concurrency() != null) {
				concurrency.put("queues." + queue + ".concurrency", settings.concurrency());
			}
		});
		concurrency.forEach((property, value) -> {
			if (value < 1 || value > PubSubSubscription.MAX_IDS) {
				problems.add("Property 'jobs.pubsub." + property + "' is " + value + ": give 1 to "
						+ PubSubSubscription.MAX_IDS);
			}
		});
	}

	private static void within(String property, Duration value, Duration min, Duration max, Set<String> problems) {
		if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
			problems.add("Property 'jobs.pubsub." + property + "' is " + value + ": give " + min.toSeconds() + "s to "
					+ max.toSeconds() + "s");
		}
	}

	private void checkNames(String queue, Set<String> problems) {
		String topic = this.queues.topicOf(queue);
		if (!PubSubQueues.isTopic(topic)) {
			problems.add("Queue '" + queue + "' has the topic '" + topic + "', which is " + PubSubQueues.NO_ID
					+ ". Set 'jobs.pubsub.queues." + queue + ".topic' to the id of one");
		}
		else if (!PubSubQueues.isSubscription(this.queues.subscription(queue))) {
			problems.add("Property 'jobs.pubsub.queues." + queue + ".subscription' is '"
					+ this.queues.subscription(queue) + "', which is " + PubSubQueues.NO_ID);
		}
	}

	private void checkDeliveryAttempts(List<BackendJob> declared, Set<String> problems) {
		this.properties.queues().forEach((queue, settings) -> {
			String property = "'jobs.pubsub.queues." + queue + ".max-delivery-attempts'";
			Integer attempts = settings.maxDeliveryAttempts();
			if (attempts == null) {
				if (settings.ordered()) {
					problems.add("Queue '" + queue + "' is ordered, so that Pub/Sub must count attempts: give its "
							+ "subscription a dead-letter policy, and set " + property + " to the same number");
				}
				return;
			}
			if (attempts < MIN_DELIVERY_ATTEMPTS || attempts > MAX_DELIVERY_ATTEMPTS) {
				problems.add("Property " + property + " is " + attempts + ", a dead-letter policy of Pub/Sub allows "
						+ MIN_DELIVERY_ATTEMPTS + " to " + MAX_DELIVERY_ATTEMPTS);
			}
			else if (attempts < ENOUGH_DELIVERY_ATTEMPTS) {
				logger.warn(
						"Property {} is {}: Pub/Sub counts outages, too, and may give a job up before it was run. "
								+ "Set it and the subscription's policy to {} or more",
						property, attempts, ENOUGH_DELIVERY_ATTEMPTS);
			}
			checkMaxAttempts(queue, settings, attempts, declared, problems);
		});
	}

	private void checkMaxAttempts(String queue, Queue settings, int attempts, List<BackendJob> declared,
			Set<String> problems) {
		for (BackendJob job : declared) {
			if (settings.ordered() && PubSubQueues.same(queue, job.queue()) && attempts <= job.maxAttempts()) {
				problems.add("Job '" + job.name() + "' has " + job.maxAttempts() + " attempts, and Pub/Sub gives up "
						+ "after " + attempts + " on its ordered queue: raise 'jobs.pubsub.queues." + queue
						+ ".max-delivery-attempts' and the subscription's policy above it, or lower 'maxAttempts'");
			}
		}
	}

	private void checkTimeout(BackendJob job, Set<String> problems) {
		Duration timeout = job.timeout();
		if (timeout == null) {
			return;
		}
		Duration maxLease = this.properties.worker().maxLease();
		Duration ackDeadline = this.properties.ackDeadline();
		if (this.properties.worker().enabled()) {
			if (timeout.compareTo(maxLease) >= 0) {
				problems.add("Job '" + job.name() + "' has a timeout of " + timeout
						+ ", the worker keeps a message for " + maxLease
						+ ": raise 'jobs.pubsub.worker.max-lease' above it, or return an Iteration, which may "
						+ "take as long as it likes in slices");
			}
		}
		else if (this.surroundings.hasEndpoint() && timeout.compareTo(ackDeadline) > 0) {
			problems.add("Job '" + job.name() + "' has a timeout of " + timeout
					+ ", a subscription that pushes waits for " + ackDeadline
					+ ": raise 'jobs.pubsub.ack-deadline' and that of the subscription, 600 s at most, pull "
					+ "(jobs.pubsub.worker.enabled=true), or return an Iteration, which may take as long as it likes in "
					+ "slices");
		}
	}

	/**
	 * What there is besides, asked when the application starts.
	 */
	interface Surroundings {

		/**
		 * Return whether Spring Cloud GCP has a template to publish with.
		 */
		boolean hasTemplate();

		/**
		 * Return whether messages can be pushed to this application.
		 */
		boolean hasEndpoint();

		/**
		 * Return whether there is an endpoint that lets nobody in.
		 */
		boolean endpointIsClosed();

	}

}
