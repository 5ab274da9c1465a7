package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import dev.backgroundjobs.adapter.sqs.SqsInbox.Refusal;
import dev.backgroundjobs.execution.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the messages in hand from others until they are settled. Safe for use by several
 * threads.
 */
final class SqsLeases {

	private static final Logger logger = LoggerFactory.getLogger(SqsLeases.class);

	// SQS keeps a message from others for 12 h since it was received, however often that
	// is extended. Half a minute for clocks and the way.
	private static final Duration LONGEST = Duration.ofHours(12).minusSeconds(30);

	private static final long SECOND = 1_000_000_000;

	private final SqsPollSettings settings;

	private final SqsInbox inbox;

	private final Executor calls;

	private final Map<String, Held> held = new ConcurrentHashMap<>();

	private Set<String> underWay = Set.of();

	/**
	 * Create leases.
	 * @param calls runs calls that wait for SQS
	 */
	SqsLeases(SqsPollSettings settings, SqsInbox inbox, Executor calls) {
		this.settings = settings;
		this.inbox = inbox;
		this.calls = calls;
	}

	/**
	 * Return how often {@link #tick} is to be called.
	 */
	Duration period() {
		long millis = this.settings.visibilityTimeout().toMillis() / 12;
		return Duration.ofMillis(Math.max(50, Math.min(millis, 1_000)));
	}

	/**
	 * Keep a message that has just come.
	 */
	void add(SqsReceived message) {
		this.held.put(message.handle(), new Held(message.lease(), message.receivedAt(), message.receivedAt(),
				message.receivedAt() + this.settings.visibilityTimeout().toNanos()));
	}

	/**
	 * Return until when a message is kept at most.
	 * @param now the time
	 */
	Instant end(SqsReceived message, Instant now) {
		Duration longest = longest(message, System.nanoTime());
		Duration wanted = this.settings.maxLease();
		return now.plus((wanted.compareTo(longest) < 0) ? wanted : longest);
	}

	/**
	 * Keep a message no longer.
	 * @return whether it was ours until now
	 */
	boolean remove(String handle) {
		return this.held.remove(handle) != null;
	}

	/**
	 * Extend what has used up a third of its time, and give up what has used up all. Does
	 * not wait for SQS.
	 * @param now the time, by {@link System#nanoTime()}
	 */
	void tick(long now) {
		List<String> due = new ArrayList<>();
		this.held.forEach((handle, message) -> {
			if (message.lease.isLost()) {
				// A run that goes on without the right to settle: the next one is not
				// kept waiting.
				this.held.remove(handle);
			}
			else if (message.isOver(now)) {
				lose(handle, "its visibility timeout is over and could not be extended");
			}
			else if (message.isDue(now) && extension(message, now) > 0) {
				due.add(handle);
			}
		});
		if (!due.isEmpty() && begin(due)) {
			try {
				this.calls.execute(() -> extend(due, now));
			}
			catch (RuntimeException | Error ex) {
				// Such as the lack of a thread: whoever settles would wait for ever.
				end();
				throw ex;
			}
		}
	}

	private synchronized boolean begin(List<String> due) {
		if (!this.underWay.isEmpty()) {
			return false;
		}
		this.underWay = new HashSet<>(due);
		return true;
	}

	private synchronized void end() {
		this.underWay = Set.of();
		notifyAll();
	}

	/**
	 * Wait until what has been asked for some messages is answered, so that nothing of it
	 * arrives after what is said next.
	 */
	synchronized void awaitCalls(Collection<String> handles) {
		boolean interrupted = false;
		while (handles.stream().anyMatch(this.underWay::contains)) {
			try {
				wait();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void extend(List<String> due, long now) {
		try {
			for (Map.Entry<Long, List<String>> same : bySeconds(due, now).entrySet()) {
				List<String> handles = same.getValue();
				for (int from = 0; from < handles.size(); from += SqsInbox.MAX_BATCH) {
					extendBatch(handles.subList(from, Math.min(handles.size(), from + SqsInbox.MAX_BATCH)),
							same.getKey(), now);
				}
			}
		}
		catch (RuntimeException ex) {
			logger.debug("Messages of queue '{}' are not extended yet", this.settings.queue(), ex);
		}
		finally {
			end();
		}
	}

	// One request has one time: the little that is left for one at its end would not do
	// for the others.
	private Map<Long, List<String>> bySeconds(List<String> due, long now) {
		Map<Long, List<String>> bySeconds = new TreeMap<>();
		for (String handle : due) {
			Held message = this.held.get(handle);
			if (message != null) {
				bySeconds.computeIfAbsent(extension(message, now), (seconds) -> new ArrayList<>()).add(handle);
			}
		}
		return bySeconds;
	}

	// From when the call was due, a moment before SQS hears of it.
	private void extendBatch(List<String> batch, long seconds, long now) {
		// Whoever has settled one since does not wait for this call.
		List<String> due = batch.stream().filter(this.held::containsKey).toList();
		if (due.isEmpty()) {
			return;
		}
		List<Refusal> refusals = this.inbox.changeVisibility(due, Duration.ofSeconds(seconds));
		Set<String> refused = new HashSet<>();
		for (Refusal refusal : refusals) {
			refused.add(refusal.handle());
			if (refusal.isFinal()) {
				lose(refusal.handle(), refusal.reason());
			}
		}
		for (String handle : due) {
			if (!refused.contains(handle)) {
				this.held.computeIfPresent(handle,
						(key, message) -> new Held(message.lease, message.receivedAt, now, now + seconds * SECOND));
			}
		}
	}

	// In seconds from now; zero when it would bring nothing.
	private long extension(Held message, long now) {
		long seconds = Math.min(this.settings.visibilityTimeout().toNanos(),
				message.receivedAt + LONGEST.toNanos() - now) / SECOND;
		return (now + seconds * SECOND > message.until) ? seconds : 0;
	}

	private void lose(String handle, String reason) {
		Held message = this.held.remove(handle);
		if (message != null) {
			logger.warn("A message of queue '{}' is received by somebody else while it is in hand here: {}",
					this.settings.queue(), reason);
			message.lease.lose();
		}
	}

	/**
	 * Give up all messages that are left.
	 * @return their receipt handles, in the order in which they came
	 */
	List<String> loseAll() {
		List<Map.Entry<String, Held>> left = new ArrayList<>();
		for (String handle : List.copyOf(this.held.keySet())) {
			// As it is now: it may just have been extended.
			Held message = this.held.remove(handle);
			if (message != null) {
				left.add(Map.entry(handle, message));
			}
		}
		left.sort(Comparator.comparingLong((entry) -> entry.getValue().receivedAt));
		left.forEach((entry) -> entry.getValue().lease.lose());
		return left.stream().map(Map.Entry::getKey).toList();
	}

	/**
	 * Return how long SQS can still keep a message from others.
	 * @param now the time, by {@link System#nanoTime()}
	 */
	static Duration longest(SqsReceived message, long now) {
		return LONGEST.minusNanos(now - message.receivedAt());
	}

	// Times by System.nanoTime().
	private record Held(Lease lease, long receivedAt, long since, long until) {

		boolean isDue(long now) {
			return now - this.since > (this.until - this.since) / 3;
		}

		// A tenth, a second at most, for what was said and has not arrived yet.
		boolean isOver(long now) {
			return this.until - now < Math.min(SECOND, (this.until - this.since) / 10);
		}

	}

}
