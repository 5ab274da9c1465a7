package dev.backgroundjobs.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.delivery.Mishaps.Crash;
import dev.backgroundjobs.delivery.Mishaps.Stop;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A job on its way through two instances over one platform, with mishaps that are drawn
 * for each delivery until they are used up. The platform has its own clock and puts back
 * what is not acknowledged.
 */
final class Voyage implements JobBackend {

	private static final int MAX_DELIVERIES = 400;

	static final String TENANT = "{\"deep\" : [1,  2]}";

	final List<Mishaps> deliveries = new ArrayList<>();

	private final Map<JobMessage, String> queue = new HashMap<>();

	private final Set<String> keys = new HashSet<>();

	private final Map<String, Integer> redeliveries = new HashMap<>();

	private List<Pipe> pipes = List.of();

	private Random random = new Random(0);

	private List<Mishaps> planned = List.of();

	private boolean deduplicates = true;

	private String description = "";

	private Mishaps now = Mishaps.none();

	private Pipe pipe;

	private String args = "";

	Voyage(Object jobs) {
		this.pipes = List.of(new Pipe(jobs, this), new Pipe(jobs, this));
		this.pipe = this.pipes.get(0);
		this.pipes.forEach((pipe) -> pipe.sliceCheck = this::isShutDown);
	}

	void close() {
		this.pipes.forEach((pipe) -> pipe.executor.close());
	}

	/** Send a job on its way, and wait until nothing is left of it. */
	void run(String description, Random random, boolean deduplicates, List<Mishaps> planned, JobMessage first) {
		this.deliveries.clear();
		this.queue.clear();
		this.keys.clear();
		this.redeliveries.clear();
		this.description = description;
		this.random = random;
		this.deduplicates = deduplicates;
		this.planned = new ArrayList<>(planned);
		this.args = first.args();
		this.keys.add(first.deliveryKey());
		String json = this.pipe.json(first);
		this.queue.put(first, json.substring(0, json.length() - 1) + ",\"tenant\":" + TENANT + "}");
		while (!this.queue.isEmpty()) {
			assertThat(this.deliveries.size()).as("%s runs for ever", this).isLessThan(MAX_DELIVERIES);
			JobMessage next = this.queue.keySet()
				.stream()
				.min(Comparator.comparing(Voyage::due).thenComparing(JobMessage::deliveryKey))
				.orElseThrow();
			deliver(next, due(next));
		}
	}

	private static Instant due(JobMessage message) {
		return (message.runAt() != null) ? message.runAt() : Instant.MIN;
	}

	private void deliver(JobMessage message, Instant due) {
		for (Pipe pipe : this.pipes) {
			if (due.isAfter(pipe.clock.instant())) {
				pipe.clock.advance(Duration.between(pipe.clock.instant(), due));
			}
			if (!this.deduplicates || this.random.nextInt(4) > 0) {
				pipe.processor.forgetFinished();
			}
		}
		Mishaps mishaps = this.planned.isEmpty() ? Mishaps.none() : this.planned.remove(0);
		this.pipe = this.pipes.get(this.random.nextInt(2));
		String json = this.queue.get(message);
		arrive(message, json, mishaps);
		boolean acknowledged = mishaps.settlement != null && mishaps.settlement.isAcknowledged()
				&& mishaps.crash != Crash.ACKNOWLEDGEMENT_LOST;
		if (acknowledged || mishaps.hasTwin && isAcknowledged(this.deliveries.get(this.deliveries.size() - 1))) {
			this.queue.remove(message);
		}
		this.redeliveries.merge(message.deliveryKey(), 1, Integer::sum);
	}

	private static boolean isAcknowledged(Mishaps twin) {
		return twin.settlement != null && twin.settlement.isAcknowledged();
	}

	private void arrive(JobMessage message, @Nullable String json, Mishaps mishaps) {
		mishaps.message = message;
		this.deliveries.add(mishaps);
		this.now = mishaps;
		Pipe pipe = this.pipe;
		if (mishaps.stop == Stop.SHUTDOWN_BEFORE) {
			pipe.processor.stopRuns(Duration.ofHours(1));
			mishaps.isStopped = true;
		}
		try {
			mishaps.settlement = pipe.deliver((json != null) ? json : "");
		}
		catch (RecordingBackend.DeadProcess ex) {
			pipe.processor.forgetFinished();
		}
		finally {
			pipe.executor.open();
		}
		if (mishaps.isDead) {
			mishaps.settlement = null;
		}
	}

	// While the first delivery is within an item.
	private void deliverTwin(Mishaps first) {
		first.hasTwin = true;
		Pipe pipe = this.pipe;
		this.pipe = this.pipes.get((this.pipes.get(0) == pipe) ? 1 : 0);
		JobMessage message = first.message;
		String json = this.queue.get(message);
		Mishaps twin = new Mishaps(Stop.values()[this.random.nextInt(Stop.values().length)], Crash.NONE,
				this.random.nextInt(3), 0);
		if (message != null) {
			Thread instance = new Thread(() -> arrive(message, json, twin));
			instance.start();
			try {
				instance.join();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
		this.pipe = pipe;
		this.now = first;
	}

	/** The job method was called. */
	void begin() {
		if (this.now.is(Crash.DIES_BEFORE_THE_FIRST_ITEM)) {
			this.now.die();
		}
	}

	/** An item is worked on. */
	void item(String name) {
		Mishaps now = this.now;
		boolean here = now.items == now.at;
		if (here && !now.hasTwin && now.is(Crash.DELIVERED_TWICE)) {
			deliverTwin(now);
		}
		if (now.is(Stop.INTERRUPTED)) {
			now.isStopped = true;
			this.pipe.processor.interruptRuns();
			while (!Thread.currentThread().isInterrupted()) {
				LockSupport.parkNanos(100_000);
			}
			return;
		}
		if (here && now.is(Crash.DIES_IN_AN_ITEM)) {
			now.die();
		}
		if (now.is(Stop.ITEM_FAILS)) {
			now.fail();
		}
		if (now.is(Stop.TIME)) {
			now.isStopped = true;
			this.pipe.clock.advance(Duration.ofMinutes(6));
		}
		if (now.is(Stop.REQUESTED)) {
			now.isStopped = true;
			JobContext.current().requestStop();
		}
		say(name);
		now.items++;
	}

	/** Something is done that is no item. */
	void say(String what) {
		this.now.log.add(JobContext.current().id() + " " + what);
	}

	/** The iteration is at its end: where it is a step, that counts as an item. */
	void complete(String name) {
		failAt(Stop.COMPLETE_FAILS);
		say(name + ": complete");
		this.now.hasDoneAStep = JobContext.current().job().equals("jobs.steps");
	}

	void failAt(Stop stop) {
		boolean isCallback = stop == Stop.START_FAILS || stop == Stop.COMPLETE_FAILS || stop == Stop.STOP_FAILS;
		if (isCallback ? this.now.stop == stop : this.now.is(stop)) {
			this.now.fail();
		}
	}

	boolean isThrottled() {
		this.now.isStopped |= this.now.is(Stop.THROTTLED);
		return this.now.is(Stop.THROTTLED);
	}

	private boolean isShutDown(JobContext context, long items) {
		boolean stops = this.now.stop == Stop.SHUTDOWN && items > this.now.at;
		this.now.isStopped |= stops;
		return stops;
	}

	@Override
	public String name() {
		return "platform";
	}

	@Override
	public String enqueue(JobMessage message) {
		return take(message);
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		return take(message);
	}

	private String take(JobMessage message) {
		Mishaps now = this.now;
		if (now.isDead) {
			now.die();
		}
		boolean here = now.sends++ == now.send;
		if (here && now.is(Crash.SUCCESSOR_FAILS)) {
			// Not tried again in place, which takes seconds.
			throw new SchedulingNotSupportedException("the platform is down");
		}
		if (here && now.is(Crash.DIES_BEFORE_THE_SUCCESSOR)) {
			now.die();
		}
		String json = this.pipe.json(message);
		assertThat(json.length()).as("%s: %s", this, json).isLessThan(4096);
		assertThat(message.args()).as("%s", this).isEqualTo(this.args);
		assertThat(message.headers()).as("%s", this).containsEntry("x-trace", "t1");
		assertThat(message.extra()).as("%s", this).containsEntry("tenant", TENANT);
		JobMessage delivered = now.message;
		if (delivered != null && message.id().equals(delivered.id())) {
			assertThat(message.attempt()).as("%s: attempt", this).isEqualTo(now.expectedAttempt(delivered));
		}
		if (!this.keys.add(message.deliveryKey()) && this.deduplicates) {
			throw new DuplicateMessageException(message.deliveryKey());
		}
		now.taken.add(message);
		this.queue.put(message, json);
		if (here && now.is(Crash.DIES_AFTER_THE_SUCCESSOR)) {
			now.die();
		}
		return "p-" + this.keys.size();
	}

	@Override
	public BackendCapabilities capabilities() {
		return Pipe.CAPABLE;
	}

	/** Says everything that happened. */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.description);
		this.deliveries.forEach((delivery) -> text.append("\n  ").append(delivery));
		return text.toString();
	}

}
