package dev.backgroundjobs.adapter.pubsub;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import com.google.api.gax.rpc.NotFoundException;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.pubsub.v1.ReceivedMessage;
import dev.backgroundjobs.adapter.pubsub.PubSubKeys.GoneBack;
import dev.backgroundjobs.adapter.pubsub.PubSubKeys.Turn;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls the messages of one subscription, as many as can be run at once.
 */
final class PubSubPuller {

	private static final Logger logger = LoggerFactory.getLogger(PubSubPuller.class);

	private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

	// What nobody can read gets no better by waiting, and this is the longest wait there
	// is.
	private static final Duration UNREADABLE_DELAY = Duration.ofMinutes(10);

	// A pull that brings something does so within this time; what it brings is given
	// back.
	private static final Duration LAST_PULL = Duration.ofMillis(500);

	private static final Duration UNKNOWN_DELAY = Duration.ofSeconds(30);

	private final PubSubPullSettings settings;

	private final PubSubSubscription subscription;

	private final DeliveryProcessor processor;

	private final Clock clock;

	private final PubSubLeases leases;

	private final PubSubKeys keys = new PubSubKeys();

	private final Semaphore slots;

	private final ThreadPoolExecutor executor;

	private final Thread thread;

	private final AtomicLong pulls = new AtomicLong();

	private volatile boolean stopped;

	private volatile long stoppedAt;

	PubSubPuller(PubSubPullSettings settings, PubSubSubscription subscription, DeliveryProcessor processor, Clock clock,
			ThreadFactory threads) {
		this.settings = settings;
		this.subscription = subscription;
		this.processor = processor;
		this.clock = clock;
		this.leases = new PubSubLeases(subscription);
		this.slots = new Semaphore(settings.concurrency());
		this.executor = new ThreadPoolExecutor(settings.concurrency(), settings.concurrency(), 60, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threads);
		this.executor.allowCoreThreadTimeOut(true);
		this.thread = new Thread(this::pull, "jobs-pubsub-pull-" + settings.queue());
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	/**
	 * Extend the leases of what is in hand, and let nothing wait for ever. To be called
	 * every second.
	 */
	void tick() {
		try {
			this.leases.extend(System.nanoTime());
			this.keys.overdue(System.nanoTime()).forEach(this::execute);
		}
		catch (RuntimeException | Error ex) {
			// What is thrown here would end the calls, and with them all leases.
			logger.warn("Leases of queue '{}' are extended a second later", this.settings.queue(), ex);
		}
	}

	/**
	 * Pull nothing more. What has not been started is given back when its turn comes, by
	 * the processor that takes nothing any more.
	 */
	void stopPulling() {
		this.stoppedAt = System.nanoTime();
		this.stopped = true;
		this.subscription.stopPulling();
	}

	/**
	 * Wait for what runs.
	 * @param end when to give up, by {@link System#nanoTime()}
	 */
	void awaitRuns(long end) throws InterruptedException {
		this.thread.join(millisUntil(Math.min(end, this.stoppedAt + LAST_PULL.toNanos())));
		this.subscription.cancelPull();
		this.thread.join(millisUntil(end));
		// All slots free: nothing waits for its turn either.
		if (this.slots.tryAcquire(this.settings.concurrency(), millisUntil(end), TimeUnit.MILLISECONDS)) {
			this.slots.release(this.settings.concurrency());
		}
		List<String> left = this.leases.loseAll();
		if (!left.isEmpty()) {
			logger.warn("{} messages of queue '{}' are not settled in time and given back", left.size(),
					this.settings.queue());
			release(left, Duration.ZERO);
		}
		this.executor.shutdown();
		this.subscription.flush(Duration.ofMillis(Math.max(1_000, millisUntil(end))));
	}

	void close() {
		this.subscription.close();
	}

	private static long millisUntil(long end) {
		return Math.max(1, (end - System.nanoTime()) / 1_000_000);
	}

	private void pull() {
		Duration pause = Duration.ofSeconds(1);
		while (!this.stopped) {
			try {
				if (!this.slots.tryAcquire(200, TimeUnit.MILLISECONDS)) {
					continue;
				}
				int free = 1 + this.slots.drainPermits();
				int taken = 0;
				try {
					long pull = this.pulls.incrementAndGet();
					List<ReceivedMessage> received = this.subscription.pull(free);
					taken = received.size();
					received.forEach((message) -> arrive(message, pull));
				}
				finally {
					this.slots.release(free - taken);
				}
				pause = Duration.ofSeconds(1);
			}
			catch (CancellationException ex) {
				return;
			}
			catch (InterruptedException ex) {
				logger.debug("Nobody interrupts this thread for a reason", ex);
			}
			catch (ExecutionException | RuntimeException | Error ex) {
				// Whatever it is: nothing else pulls for this queue.
				if (this.stopped) {
					return;
				}
				Throwable cause = ex.getCause();
				sayWhatFailed((ex instanceof ExecutionException && cause != null) ? cause : ex, pause);
				pause(pause);
				pause = (pause.compareTo(MAX_PAUSE) < 0) ? pause.multipliedBy(2) : MAX_PAUSE;
			}
		}
	}

	private void sayWhatFailed(Throwable failure, Duration pause) {
		if (failure instanceof NotFoundException) {
			logger.error(
					"Pub/Sub has no subscription '{}' for queue '{}': create it, or set "
							+ "'jobs.pubsub.queues.{}.subscription' to the one there is. Tried again in {} s",
					this.subscription, this.settings.queue(), this.settings.queue(), pause.toSeconds());
		}
		else if (failure instanceof PermissionDeniedException) {
			logger.error(
					"The credentials may not pull from subscription '{}' of queue '{}': grant them "
							+ "roles/pubsub.subscriber on it. Tried again in {} s",
					this.subscription, this.settings.queue(), pause.toSeconds());
		}
		else {
			logger.warn("Nothing could be pulled from subscription '{}', tried again in {} s", this.subscription,
					pause.toSeconds(), failure);
		}
	}

	private void pause(Duration pause) {
		long end = System.nanoTime() + pause.toNanos();
		while (!this.stopped && System.nanoTime() < end) {
			try {
				TimeUnit.MILLISECONDS.sleep(100);
			}
			catch (InterruptedException ex) {
				logger.debug("Nobody interrupts this thread for a reason", ex);
			}
		}
	}

	private void arrive(ReceivedMessage received, long pull) {
		PulledMessage message = PulledMessage.of(received, this.subscription.path());
		this.leases.add(message.ackId(), message.delivery().lease(), System.nanoTime());
		Turn turn = isOrdered(message) ? this.keys.arrive(message, pull, System.nanoTime()) : Turn.RUN;
		if (turn == Turn.RUN) {
			execute(message);
		}
		else if (turn == Turn.GIVE_BACK) {
			giveBack(List.of(message), Duration.ZERO);
		}
	}

	private static boolean isOrdered(PulledMessage message) {
		return !message.orderingKey().isEmpty();
	}

	private void execute(PulledMessage message) {
		try {
			this.executor.execute(() -> run(message));
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			logger.error("A message of queue '{}' finds no thread and is delivered again", this.settings.queue(), ex);
			settle(message, Settlement.RELEASED);
		}
	}

	private void run(PulledMessage message) {
		Settlement settlement = Settlement.RELEASED;
		try {
			settlement = this.processor
				.process(message.delivery().withDeadline(this.clock.instant().plus(this.settings.maxLease())));
		}
		catch (Throwable ex) {
			logger.error("A message of queue '{}' is delivered again", this.settings.queue(), ex);
		}
		settle(message, settlement);
	}

	private void settle(PulledMessage message, Settlement settlement) {
		if (settlement.isAcknowledged()) {
			acknowledge(message);
		}
		else if (isOrdered(message)) {
			giveBackWithItsKey(message);
		}
		else {
			giveBack(List.of(message), delay(settlement));
		}
	}

	private void acknowledge(PulledMessage message) {
		this.leases.remove(message.ackId());
		this.subscription.acknowledge(message.ackId());
		PulledMessage next = isOrdered(message) ? this.keys.acknowledged(message) : null;
		if (next != null) {
			execute(next);
		}
		this.slots.release();
	}

	// All at once, so that they come again in their order; how soon is said by the
	// subscription's retry policy.
	private void giveBackWithItsKey(PulledMessage message) {
		GoneBack back = this.keys.failed(message, System.nanoTime());
		List<String> ackIds = back.messages().stream().map(PulledMessage::ackId).filter(this.leases::remove).toList();
		if (ackIds.isEmpty()) {
			this.keys.givenBack(back, this.pulls.get());
		}
		else {
			this.subscription.setDeadline(ackIds, Duration.ZERO,
					(failure) -> this.keys.givenBack(back, this.pulls.get()));
		}
		this.slots.release(back.messages().size());
	}

	private void giveBack(List<PulledMessage> messages, Duration delay) {
		// What is not ours any more is left alone.
		release(messages.stream().map(PulledMessage::ackId).filter(this.leases::remove).toList(), delay);
		this.slots.release(messages.size());
	}

	private void release(List<String> ackIds, Duration delay) {
		if (!ackIds.isEmpty()) {
			this.subscription.setDeadline(ackIds, delay, (failure) -> {
				if (failure != null) {
					logger.debug("Messages of queue '{}' come again a little later", this.settings.queue(), failure);
				}
			});
		}
	}

	private Duration delay(Settlement settlement) {
		return switch (settlement) {
			case UNAVAILABLE -> Duration.ZERO;
			case RELEASED_UNKNOWN -> UNKNOWN_DELAY;
			case UNREADABLE, UNTRUSTED -> UNREADABLE_DELAY;
			default -> this.settings.releaseDelay();
		};
	}

}
