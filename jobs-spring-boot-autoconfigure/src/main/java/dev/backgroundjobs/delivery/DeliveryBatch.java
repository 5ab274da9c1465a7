package dev.backgroundjobs.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.backgroundjobs.delivery.Delivery.Trait;

/**
 * Processes the deliveries of one request: several side by side, equal ones once, those
 * of a queue that keeps order one after the other. The answer leaves in time whatever the
 * jobs do. Safe for use by several threads.
 */
public final class DeliveryBatch {

	private static final Logger logger = LoggerFactory.getLogger(DeliveryBatch.class);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final DeliveryProcessor processor;

	private final int concurrency;

	private final Executor threads;

	private final Clock clock;

	// Threads whose request has been answered without them.
	private final AtomicInteger overdue = new AtomicInteger();

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Create a value.
	 * @param processor processes single deliveries
	 * @param concurrency how many of a request run at once, at least 1
	 * @param threads runs at once what it is given, whatever runs already
	 * @param clock tells the time
	 */
	public DeliveryBatch(DeliveryProcessor processor, int concurrency, Executor threads, Clock clock) {
		this.processor = processor;
		this.concurrency = concurrency;
		this.threads = threads;
		this.clock = clock;
	}

	/**
	 * Process the deliveries of a request: a single one on the calling thread, unless the
	 * caller can be told that it still runs.
	 * @param request the request
	 * @return the answer
	 */
	public DeliveryResponse process(DecodedRequest request) {
		List<Delivery> deliveries = request.deliveries();
		DeliveryResponder responder = request.responder();
		if (!awaitOverdue()) {
			logger.warn("{} messages are released: {} jobs still run whose time was over, and others beside them "
					+ "would fare no better", deliveries.size(), this.overdue);
			return responder.respond(deliveries.stream().map(this.processor::unstarted).toList());
		}
		if (deliveries.size() == 1 && !responder.isPartial()) {
			return responder.respond(List.of(this.processor.process(deliveries.get(0))));
		}
		return responder.respond(processAll(deliveries));
	}

	// On Lambda they get no further between requests, so that they are given a moment
	// of each.
	private boolean awaitOverdue() {
		if (this.overdue.get() == 0) {
			return true;
		}
		synchronized (this.overdue) {
			long end = System.nanoTime() + PATIENCE.toNanos();
			while (this.overdue.get() > 0 && System.nanoTime() < end) {
				try {
					this.overdue.wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					break;
				}
			}
			return this.overdue.get() == 0;
		}
	}

	private List<Settlement> processAll(List<Delivery> deliveries) {
		Instant now = this.clock.instant();
		Instant end = end(deliveries, now);
		List<BatchItem> items = new ArrayList<>(deliveries.size());
		List<BatchItem> distinct = new ArrayList<>(deliveries.size());
		Map<String, BatchItem> byKey = new HashMap<>();
		for (Delivery delivery : deliveries) {
			Delivery limited = (end != null) ? delivery.withDeadline(end) : delivery;
			BatchItem item = new BatchItem(limited, read(limited));
			BatchItem equal = item.key().isEmpty() ? null : byKey.putIfAbsent(item.key(), item);
			if (equal == null) {
				distinct.add(item);
			}
			items.add((equal != null) ? equal : item);
		}
		// Reading thousands takes a part of the time.
		run(distinct, (end != null) ? Duration.between(this.clock.instant(), end) : null);
		return items.stream().map(BatchItem::settlement).toList();
	}

	// One that cannot even be read does not bring all the others back with it.
	private ReadDelivery read(Delivery delivery) {
		try {
			return this.processor.read(delivery);
		}
		catch (RuntimeException ex) {
			logger.error("{} is released", delivery, ex);
			return ReadDelivery.refused(Settlement.RELEASED);
		}
	}

	// What is kept for successors comes before this, so that they are there when the
	// answer says so.
	private @Nullable Instant end(List<Delivery> deliveries, Instant now) {
		return deliveries.stream()
			.map(Delivery::deadline)
			.filter(Objects::nonNull)
			.min(Comparator.naturalOrder())
			.map((deadline) -> deadline.minus(this.processor.reserve(Duration.between(now, deadline))))
			.orElse(null);
	}

	private void run(List<BatchItem> items, @Nullable Duration time) {
		boolean isOrdered = items.stream().anyMatch((item) -> item.delivery().is(Trait.ORDERED));
		int workers = isOrdered ? 1 : Math.min(this.concurrency, items.size());
		if (time != null) {
			warnOfTooMuch(items, workers, time);
		}
		BatchRun run = new BatchRun(this.processor, items, isOrdered, time, this.overdue);
		for (int i = 0; i < workers; i++) {
			run.startedWorker();
			if (!start(run)) {
				break;
			}
		}
		run.await();
	}

	// What one worker has begun is awaited, though there is no thread for another.
	private boolean start(BatchRun run) {
		try {
			this.threads.execute(run::work);
			return true;
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			logger.error("A batch finds no thread", ex);
			run.endedWorker();
			return false;
		}
	}

	private void warnOfTooMuch(List<BatchItem> items, int workers, Duration time) {
		Duration longest = items.stream()
			.map((item) -> this.processor.timeout(item.read()))
			.filter(Objects::nonNull)
			.max(Comparator.naturalOrder())
			.orElse(null);
		int turns = (items.size() + workers - 1) / workers;
		if (longest != null && longest.multipliedBy(turns).compareTo(time) > 0
				&& this.warned.compareAndSet(false, true)) {
			logger.warn(
					"Jobs with a timeout of up to {} s came, {} in one request and {} of them at once, and the request "
							+ "has {} s for them: what does not get its turn comes again, and what is not done by then "
							+ "has failed. Lower the timeouts, have fewer delivered at once, give the function more "
							+ "time, or raise 'jobs.endpoint.batch-concurrency'. Said once",
					longest.toSeconds(), items.size(), workers, time.toSeconds());
		}
	}

}
