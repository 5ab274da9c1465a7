package dev.backgroundjobs.crash.application;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.history.HistoryEvent.Type;
import dev.backgroundjobs.history.HistoryLog;

/**
 * Jobs that do nothing but say so.
 */
class RecordedJobs {

	private static final int CHILDREN = 3;

	private static final int FAILURES = 2;

	private final Recorder recorder;

	private final HistoryLog history;

	private final CrashSwitch crash;

	private final JobDispatcher jobs;

	RecordedJobs(Recorder recorder, HistoryLog history, CrashSwitch crash, JobDispatcher jobs) {
		this.recorder = recorder;
		this.history = history;
		this.crash = crash;
		this.jobs = jobs;
	}

	@BackgroundJob(name = "crash.succeed", queue = "crash")
	void succeed(Work work) {
		begin(work);
		this.recorder.effect();
	}

	@BackgroundJob(name = "crash.retry", queue = "crash", maxAttempts = "4",
			backoff = @Backoff(delay = "100ms", multiplier = "1"))
	void retry(Work work) {
		begin(work);
		if (JobContext.current().attempt() <= FAILURES) {
			throw new IllegalStateException("not yet");
		}
		this.recorder.effect();
	}

	@BackgroundJob(name = "crash.fail", queue = "crash", maxAttempts = "2",
			backoff = @Backoff(delay = "100ms", multiplier = "1"))
	void fail(Work work) {
		begin(work);
		throw new IllegalStateException("never");
	}

	@BackgroundJob(name = "crash.discard", queue = "crash")
	void discard(Work work) {
		begin(work);
		throw new DiscardJobException("never again");
	}

	@BackgroundJob(name = "crash.slow", queue = "crash")
	void slow(Work work) throws InterruptedException {
		begin(work);
		Thread.sleep(work.millis());
		this.recorder.effect();
	}

	/**
	 * Leave some time between the effect and the acknowledgement to die in.
	 */
	@BackgroundJob(name = "crash.linger", queue = "crash")
	void linger(Work work) throws InterruptedException {
		begin(work);
		this.recorder.effect();
		Thread.sleep(work.millis());
	}

	/**
	 * Enqueue others, under ids that the next run gives them, too.
	 */
	@BackgroundJob(name = "crash.fan-out", queue = "crash")
	void fanOut(Work work) {
		begin(work);
		enqueueAll(IntStream.range(0, CHILDREN)
			.mapToObj(
					(index) -> UUID.nameUUIDFromBytes((work.id() + index).getBytes(StandardCharsets.UTF_8)).toString())
			.toList());
		this.recorder.effect();
	}

	void enqueueAll(List<String> ids) {
		ids.forEach((id) -> this.history.write(Type.ENQUEUED, id, -1, 0, "crash.succeed", ""));
		this.jobs.enqueueAll(ids.stream()
			.map((id) -> JobCall.of(RecordedJobs::succeed, new Work(id, 0)).with(JobOptions.none().id(id)))
			.toList());
		ids.forEach((id) -> this.history.write(Type.ACCEPTED, id, -1, 0, "crash.succeed", ""));
	}

	private void begin(Work work) {
		String id = JobContext.current().id();
		if (!work.id().equals(id)) {
			throw new DiscardJobException("Job " + id + " has the arguments of " + work.id());
		}
		this.crash.at(CrashPoint.DURING_RUN);
	}

}
