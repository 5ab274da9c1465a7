package dev.backgroundjobs.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.dispatch.QueueRouter.Route;
import dev.backgroundjobs.message.JobMessage;

/**
 * Puts messages on the backend of their queue, at once: delays that a backend cannot hold
 * are cut into hops. Safe for use by several threads.
 */
public final class MessageSender {

	private final QueueRouter router;

	private final Clock clock;

	/**
	 * Create a sender.
	 * @param router knows the backends
	 * @param clock tells the time
	 */
	public MessageSender(QueueRouter router, Clock clock) {
		this.router = router;
		this.clock = clock;
	}

	/**
	 * Send a message to run at its {@code runAt}.
	 * @param message the message
	 * @return the platform's id
	 * @throws SchedulingNotSupportedException when it is to wait and its queue cannot
	 */
	public String send(JobMessage message) {
		Route route = this.router.route(message.queue());
		Instant runAt = message.runAt();
		if (runAt == null || !runAt.isAfter(this.clock.instant())) {
			return route.backend().enqueue(message);
		}
		if (!route.canDelay()) {
			throw cannotDelay(message, route);
		}
		return hold(message, route, runAt);
	}

	/**
	 * Send a message to run at its {@code runAt}, or at once where its queue cannot
	 * delay.
	 * @param message the message
	 * @return the platform's id
	 */
	public String sendRetry(JobMessage message) {
		if (message.runAt() != null && !this.router.route(message.queue()).canDelay()) {
			return this.router.route(message.queue()).backend().enqueue(message.withRunAt(null));
		}
		return send(message);
	}

	/**
	 * Send a message to its queue's own backend at once.
	 * @param message the message
	 * @return the platform's id
	 */
	public String sendNow(JobMessage message) {
		return this.router.route(message.queue()).backend().enqueue(message);
	}

	/**
	 * Send a message as it is, to be delivered at a time that it does not carry itself.
	 * @param message the message
	 * @param time the time
	 * @return the platform's id
	 */
	public String sendAt(JobMessage message, Instant time) {
		return hold(message, this.router.route(message.queue()), time);
	}

	/**
	 * Put a dead copy on the queue that keeps it.
	 * @param copy the copy, with its target
	 * @return the platform's id
	 */
	public String sendDead(JobMessage copy) {
		return this.router.route(copy.destination()).backend().enqueue(copy);
	}

	/**
	 * Send several messages, each backend's together.
	 * @param messages the messages
	 * @return one result for each message, in their order
	 */
	public List<SendResult> sendAll(List<JobMessage> messages) {
		SendResult[] results = new SendResult[messages.size()];
		Map<JobBackend, List<Integer>> immediate = new LinkedHashMap<>();
		Instant now = this.clock.instant();
		for (int i = 0; i < results.length; i++) {
			JobMessage message = messages.get(i);
			if (message.runAt() != null && message.runAt().isAfter(now)) {
				results[i] = SendResult.of(() -> send(message));
			}
			else {
				immediate.computeIfAbsent(this.router.route(message.queue()).backend(), (key) -> new ArrayList<>())
					.add(i);
			}
		}
		immediate.forEach((backend, indexes) -> {
			List<SendResult> sent = sendBatch(backend, indexes.stream().map(messages::get).toList());
			for (int i = 0; i < indexes.size(); i++) {
				results[indexes.get(i)] = sent.get(i);
			}
		});
		return List.of(results);
	}

	private static List<SendResult> sendBatch(JobBackend backend, List<JobMessage> messages) {
		try {
			List<SendResult> results = backend.enqueueAll(messages);
			if (results.size() == messages.size()) {
				return results;
			}
			RuntimeException wrong = new IllegalStateException("Backend '" + backend.name() + "' gave " + results.size()
					+ " results for " + messages.size() + " messages");
			return messages.stream().<SendResult>map((message) -> new SendResult.Failed(wrong)).toList();
		}
		catch (RuntimeException ex) {
			return messages.stream().<SendResult>map((message) -> new SendResult.Failed(ex)).toList();
		}
	}

	// The message's own runAt stays the truth: on an early arrival it hops again.
	private String hold(JobMessage message, Route route, Instant time) {
		Instant now = this.clock.instant();
		Duration max = route.capabilities().maxDelay();
		if (!max.isZero() && Duration.between(now, time).compareTo(max) <= 0) {
			return route.backend().enqueueAt(message, time);
		}
		JobBackend delayBackend = route.delayBackend();
		if (delayBackend != null) {
			Duration longest = delayBackend.capabilities().maxDelay();
			boolean hops = Duration.between(now, time).compareTo(longest) > 0;
			JobMessage held = delayBackend.capabilities().delaysOnly() ? message : message.relayed();
			return delayBackend.enqueueAt(held, hops ? now.plus(longest) : time);
		}
		if (max.isZero()) {
			throw cannotDelay(message, route);
		}
		return route.backend().enqueueAt(message, now.plus(max));
	}

	static SchedulingNotSupportedException cannotDelay(JobMessage message, Route route) {
		if (route.isOrdered()) {
			return new SchedulingNotSupportedException("Queue '" + route.queue() + "' keeps the order of its messages, "
					+ "so that none can be put off: drop the delay of job '" + message.job()
					+ "', or send it to a queue without order");
		}
		return new SchedulingNotSupportedException("Queue '" + route.queue() + "' cannot delay, since its backend '"
				+ route.backend().name() + "' cannot: set 'jobs.queues." + route.queue()
				+ ".delay-backend' to one that can, or drop the delay of job '" + message.job() + "'");
	}

}
