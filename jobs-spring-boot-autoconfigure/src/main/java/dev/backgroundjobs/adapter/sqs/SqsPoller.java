package dev.backgroundjobs.adapter.sqs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Receives the messages of one queue, as many as can be run at once.
 */
final class SqsPoller {

	private static final Logger logger = LoggerFactory.getLogger(SqsPoller.class);

	private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

	// How often it is looked whether to stop.
	private static final Duration LOOK = Duration.ofMillis(200);

	// Requests are paid for: jobs that end at about the same time make room for one
	// batch.
	private static final Duration COLLECT = Duration.ofMillis(20);

	// A receive that brings something does so within this time; what it brings is given
	// back. One that would wait for long is not waited for, which costs a message that
	// comes for it later a visibility timeout.
	private static final Duration LAST_RECEIVE = Duration.ofMillis(500);

	private static final Duration SHORT_WAIT = Duration.ofSeconds(2);

	private final SqsPollSettings settings;

	private final SqsInbox inbox;

	private final Supplier<Function<Message, SqsReceived>> readers;

	private final DeliveryProcessor processor;

	private final Clock clock;

	private final SqsLeases leases;

	private final SqsReleases releases;

	private final SqsDeletes deletes;

	private final SqsGroups groups = new SqsGroups();

	private final SqsSlots slots;

	private final ThreadPoolExecutor executor;

	private final Thread thread;

	private final CountDownLatch stopped = new CountDownLatch(1);

	private volatile long stoppedAt;

	/**
	 * Create a poller.
	 * @param readers returns what makes a delivery of a message; asked before each
	 * receive, and may wait for SQS
	 * @param threads creates the threads on which jobs run
	 */
	SqsPoller(SqsPollSettings settings, SqsInbox inbox, Supplier<Function<Message, SqsReceived>> readers,
			DeliveryProcessor processor, Clock clock, SqsLeases leases, SqsDeletes deletes, ThreadFactory threads) {
		this.settings = settings;
		this.inbox = inbox;
		this.readers = readers;
		this.processor = processor;
		this.clock = clock;
		this.leases = leases;
		this.releases = new SqsReleases(settings, inbox, leases);
		this.deletes = deletes;
		this.slots = new SqsSlots(settings.concurrency());
		this.executor = new ThreadPoolExecutor(settings.concurrency(), settings.concurrency(), 60, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threads);
		this.executor.allowCoreThreadTimeOut(true);
		this.thread = new Thread(this::poll, "jobs-sqs-poll-" + settings.queue());
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	/**
	 * Receive nothing more. What has not been started is given back; what waits in a
	 * group once the one before it has ended, since SQS gives nobody any of it until
	 * then.
	 */
	void stopReceiving() {
		this.stoppedAt = System.nanoTime();
		this.stopped.countDown();
	}

	/**
	 * Wait for what runs, and for SQS to know what is done. A receive that waits for
	 * messages is left behind: an interrupt would not end it, but throw away what it
	 * brings. It gives that back, or ends when the client is closed.
	 * @param end when to give up, by {@link System#nanoTime()}
	 */
	void awaitRuns(long end) throws InterruptedException {
		boolean isShort = this.settings.waitTime().compareTo(SHORT_WAIT) <= 0;
		Duration last = isShort ? LAST_RECEIVE.plus(this.settings.waitTime()) : LAST_RECEIVE;
		this.thread.join(millisUntil(Math.min(end, this.stoppedAt + last.toNanos())));
		this.slots.awaitAll(end);
		this.releases.releaseRest();
		this.executor.shutdown();
		this.deletes.flush(Math.max(end, System.nanoTime() + Duration.ofSeconds(1).toNanos()));
	}

	private static long millisUntil(long end) {
		return Math.max(1, (end - System.nanoTime()) / 1_000_000);
	}

	private boolean isStopped() {
		return this.stopped.getCount() == 0;
	}

	private void poll() {
		int batch = Math.min(SqsInbox.MAX_BATCH, this.settings.concurrency());
		Duration pause = Duration.ofSeconds(1);
		while (!isStopped()) {
			try {
				int free = this.slots.await(batch, LOOK, COLLECT);
				if (free > 0 && !isStopped()) {
					receive(Math.min(free, batch));
				}
				pause = Duration.ofSeconds(1);
			}
			catch (InterruptedException ex) {
				logger.debug("Nobody interrupts this thread for a reason", ex);
			}
			catch (Throwable ex) {
				if (!isStopped()) {
					SqsPollFailures.log(this.settings.queue(), ex, pause);
					pause(pause);
					pause = (pause.compareTo(MAX_PAUSE.dividedBy(2)) < 0) ? pause.multipliedBy(2) : MAX_PAUSE;
				}
			}
		}
	}

	private void pause(Duration pause) {
		try {
			boolean unused = this.stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			logger.debug("Nobody interrupts this thread for a reason", ex);
		}
	}

	private void receive(int max) {
		long start = System.nanoTime();
		Function<Message, SqsReceived> reader = this.readers.get();
		List<SqsReceived> received = this.inbox.receive(max).stream().map(reader).map(this.groups::counted).toList();
		this.slots.take(received.size());
		received.forEach(this.leases::add);
		if (isStopped()) {
			giveBack(received, Duration.ZERO);
			return;
		}
		this.groups.arrive(received).forEach(this::execute);
		if (received.isEmpty() && System.nanoTime() - start < LOOK.toNanos()) {
			// Whoever does not wait, by a wait time of zero, is not asked all the time.
			pause(LOOK);
		}
	}

	private void execute(SqsReceived message) {
		try {
			this.executor.execute(() -> run(message));
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			logger.error("A message of queue '{}' finds no thread and is received again", this.settings.queue(), ex);
			settle(message, Settlement.RELEASED);
		}
	}

	private void run(SqsReceived message) {
		try {
			settle(message, isStopped() ? Settlement.UNAVAILABLE : process(message));
		}
		catch (RuntimeException ex) {
			logger.error("A message of queue '{}' is received again", this.settings.queue(), ex);
		}
	}

	private Settlement process(SqsReceived message) {
		try {
			Instant end = this.leases.end(message, this.clock.instant());
			Settlement settlement = Settlement.DONE;
			for (Delivery delivery : message.deliveries()) {
				settlement = this.processor.process(delivery.withDeadline(end));
				if (!settlement.isAcknowledged()) {
					return settlement;
				}
			}
			return settlement;
		}
		catch (Throwable ex) {
			logger.error("A message of queue '{}' is received again", this.settings.queue(), ex);
			return Settlement.RELEASED;
		}
	}

	private void settle(SqsReceived message, Settlement settlement) {
		if (settlement.isAcknowledged() && !message.lease().isLost() && this.leases.remove(message.handle())) {
			SqsReceived next = (message.group() != null) ? this.groups.next(message) : null;
			this.deletes.add(message.handle(), () -> {
				this.slots.giveBack(1);
				if (next != null) {
					execute(next);
				}
			});
			return;
		}
		Duration delay = this.releases.delay(message, settlement);
		List<SqsReceived> later = (message.group() != null) ? this.groups.abandon(message) : List.of();
		// First the one that failed: until all are back SQS gives nobody any of the
		// group.
		giveBack(List.of(message), delay);
		giveBack(later, delay);
	}

	private void giveBack(List<SqsReceived> messages, Duration delay) {
		try {
			this.releases.release(messages, delay);
		}
		finally {
			this.slots.giveBack(messages.size());
		}
	}

}
