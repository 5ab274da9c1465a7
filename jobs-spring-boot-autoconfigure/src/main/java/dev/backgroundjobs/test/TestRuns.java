package dev.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.message.JobError;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.test.PlannedRuns.Mishap;
import dev.backgroundjobs.test.TestJobBackend.Waiting;
import org.jspecify.annotations.Nullable;

import org.springframework.context.event.EventListener;

/**
 * Runs what waits on the {@code test} backend, as a test has planned it, and remembers
 * what came of it. Safe for use by several threads.
 */
final class TestRuns {

	private final TestJobBackend backend;

	private final DeliveryProcessor processor;

	private final PlannedRuns planned;

	private final JobReader reader;

	private final List<JobRun> all = new ArrayList<>();

	private final List<DeadJobEvent> dead = new ArrayList<>();

	TestRuns(TestJobBackend backend, DeliveryProcessor processor, PlannedRuns planned, JobReader reader) {
		this.backend = backend;
		this.processor = processor;
		this.planned = planned;
		this.reader = reader;
	}

	synchronized List<JobRun> all() {
		return List.copyOf(this.all);
	}

	synchronized List<DeadJobEvent> dead() {
		return List.copyOf(this.dead);
	}

	synchronized void clear() {
		this.all.clear();
		this.dead.clear();
		this.planned.clear();
		this.backend.clear();
		this.processor.forgetFinished();
	}

	@EventListener
	synchronized void died(DeadJobEvent event) {
		this.dead.add(event);
	}

	List<JobRun> runDue(RunLimit limit) {
		List<JobRun> ran = new ArrayList<>();
		this.backend.runDue((message) -> deliver(message, ran), this.reader::isDeclared, limit);
		return ran;
	}

	List<JobRun> drain(TestTime time, RunLimit limit) {
		List<JobRun> ran = new ArrayList<>();
		for (Instant next = nextTime(); next != null; next = nextTime()) {
			Duration wait = Duration.between(time.now(), next);
			if (!wait.isNegative()) {
				time.advance(wait);
			}
			ran.addAll(runDue(limit));
		}
		return ran;
	}

	private @Nullable Instant nextTime() {
		return this.backend.nextTime(this.reader::isDeclared);
	}

	private boolean deliver(Waiting message, List<JobRun> ran) {
		Mishap mishap = this.planned.nextMishap(message.message().job());
		Settlement settlement = deliverOnce(message, ran);
		if (mishap != null) {
			// The next delivery is to an instance that has not seen this one.
			this.processor.forgetFinished();
		}
		if (mishap == Mishap.DELIVERED_TWICE) {
			settlement = deliverOnce(message, ran);
		}
		return settlement.isAcknowledged() && mishap != Mishap.ACKNOWLEDGEMENT_LOST;
	}

	private Settlement deliverOnce(Waiting message, List<JobRun> ran) {
		Settlement settlement = this.backend.deliver(message);
		JobRun run = new JobRun(this.reader.read(message.message()), settlement, error(message.message()));
		ran.add(run);
		synchronized (this) {
			this.all.add(run);
		}
		return settlement;
	}

	// A failed attempt leaves its error to the next.
	private @Nullable JobError error(JobMessage message) {
		return this.backend.waiting()
			.stream()
			.filter((next) -> next.id().equals(message.id()) && next.attempt() > message.attempt())
			.findFirst()
			.map(JobMessage::error)
			.orElse(null);
	}

}
