package dev.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

import dev.backgroundjobs.JobMethod;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.dispatch.AfterCommitOutbox;
import dev.backgroundjobs.event.EventMessages;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.message.JobMessage;
import io.cloudevents.CloudEvent;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * What happened to jobs in a test, and the means to make things happen. A bean in tests
 * with {@link AutoConfigureJobsTester}; emptied after each test. Assertions begin with
 * {@code assertThat(jobs)}. Safe for use by several threads.
 * <p>
 * Nothing runs by itself. What runs, runs on the thread that calls {@link #runDue()} or
 * {@link #drain()}.
 */
public final class JobsTester implements AssertProvider<JobsTesterAssert> {

	private final TestJobBackend backend;

	private final TestRuns runs;

	private final PlannedRuns planned;

	private final TestTime time;

	private final JobReader reader;

	private final EventMessages events;

	// Null where jobs do not wait for commits.
	private final @Nullable AfterCommitOutbox outbox;

	private final Turn turn = new Turn();

	JobsTester(TestJobBackend backend, TestRuns runs, PlannedRuns planned, TestTime time, JobReader reader,
			EventMessages events, @Nullable AfterCommitOutbox outbox) {
		this.backend = backend;
		this.runs = runs;
		this.planned = planned;
		this.time = time;
		this.reader = reader;
		this.events = events;
		this.outbox = outbox;
	}

	/**
	 * Return what was enqueued since the test began, whether it has run since or not;
	 * without retries.
	 * @return the jobs, in the order they were enqueued
	 */
	public List<RecordedJob> enqueued() {
		return this.reader.read(this.backend.enqueued());
	}

	/**
	 * Take an event as a platform would deliver it: the jobs that it starts wait to be
	 * run, as if they had been enqueued. An event that comes twice starts its jobs once.
	 * @param event the event
	 * @return the jobs, none when it starts none
	 */
	public List<RecordedJob> publish(CloudEvent event) {
		List<JobMessage> messages = this.events.messages(event);
		if (messages.isEmpty()) {
			// Says so in the log, and why where a job nearly matches.
			this.events.unmatched(event);
		}
		for (JobMessage message : messages) {
			try {
				this.backend.enqueue(message);
			}
			catch (DuplicateMessageException ex) {
				// As on a platform.
			}
		}
		return this.reader.read(messages);
	}

	/**
	 * Return what waits to be run, due or not, retries among it.
	 * @return the jobs, in the order they came
	 */
	public List<RecordedJob> waiting() {
		return this.reader.read(this.backend.waiting());
	}

	/**
	 * Return what was run since the test began.
	 * @return the runs, in their order
	 */
	public List<JobRun> runs() {
		return this.runs.all();
	}

	/**
	 * Return the jobs that died since the test began, whether a queue keeps a copy or
	 * not.
	 * @return the events, in their order
	 */
	public List<DeadJobEvent> deadJobs() {
		return this.runs.dead();
	}

	/**
	 * Run what is due on this thread, with what it enqueues that is due too. A message
	 * that is released waits for the next call; a job of another service, which is not
	 * declared here, stays where it is.
	 * @return what was run
	 * @throws IllegalStateException when jobs wait for the commit of this thread's
	 * transaction, or after 1,000 runs when there are more
	 */
	public List<JobRun> runDue() {
		refuseWhatWaitsForTheCommit();
		return this.runs.runDue(new RunLimit(RunLimit.DEFAULT));
	}

	/**
	 * Run everything on this thread until nothing waits: what is due, what that enqueues,
	 * and what is delayed, the clock being moved to its time.
	 * @return what was run
	 * @throws IllegalStateException when jobs wait for the commit of this thread's
	 * transaction, or after 1,000 runs when there are more
	 */
	public List<JobRun> drain() {
		return drain(RunLimit.DEFAULT);
	}

	/**
	 * Run everything on this thread until nothing waits, like {@link #drain()}.
	 * @param maxRuns the number of runs after which it gives up
	 * @return what was run
	 * @throws IllegalStateException when jobs wait for the commit of this thread's
	 * transaction, or after {@code maxRuns} runs when there are more
	 */
	public List<JobRun> drain(int maxRuns) {
		refuseWhatWaitsForTheCommit();
		return this.runs.drain(this.time, new RunLimit(maxRuns));
	}

	/**
	 * Return the time as jobs are told it: that of the application's {@code Clock} bean,
	 * or of the system, and ahead of it by what {@link #advance} was told.
	 * @return the time, in whole milliseconds
	 */
	public Instant now() {
		return this.time.now();
	}

	/**
	 * Move the clock of jobs on. It decides what is due; nothing runs by itself. An
	 * application's own {@code Clock} bean stays as it is.
	 * @param duration by how much
	 * @throws IllegalArgumentException when it is negative
	 */
	public void advance(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("The clock cannot go back by " + duration.negated()
					+ ": time only goes on. It is back at its own time after the test");
		}
		this.time.advance(duration);
	}

	/**
	 * Plan what happens to the next run of a job without parameters.
	 * @param <T> the bean's type
	 * @param method the job method
	 * @return says what happens
	 */
	public <T> NextRun nextRun(JobMethod.Of0<T> method) {
		return new NextRun(this.planned, this.time, this.reader.name(method));
	}

	/**
	 * Plan what happens to the next run of a job with one parameter.
	 * @param <T> the bean's type
	 * @param <A> the parameter's type
	 * @param method the job method
	 * @return says what happens
	 */
	public <T, A> NextRun nextRun(JobMethod.Of1<T, A> method) {
		return new NextRun(this.planned, this.time, this.reader.name(method));
	}

	/**
	 * Plan what happens to the next run of a job with two parameters.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param method the job method
	 * @return says what happens
	 */
	public <T, A, B> NextRun nextRun(JobMethod.Of2<T, A, B> method) {
		return new NextRun(this.planned, this.time, this.reader.name(method));
	}

	/**
	 * Plan what happens to the next run of a job with three parameters.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param <C> the third parameter's type
	 * @param method the job method
	 * @return says what happens
	 */
	public <T, A, B, C> NextRun nextRun(JobMethod.Of3<T, A, B, C> method) {
		return new NextRun(this.planned, this.time, this.reader.name(method));
	}

	/**
	 * Plan what happens to the next run of a job.
	 * @param name the job's name or one of its aliases
	 * @return says what happens
	 */
	public NextRun nextRun(String name) {
		return new NextRun(this.planned, this.time, this.reader.name(name));
	}

	/**
	 * Forget everything and set the clock back to its own time, as after each test.
	 */
	public void clear() {
		this.runs.clear();
		this.time.reset();
	}

	/**
	 * Return what assertions begin with, as AssertJ's {@code assertThat} does.
	 */
	@Override
	public JobsTesterAssert assertThat() {
		return new JobsTesterAssert(this, this.reader);
	}

	/**
	 * Return what waits for the commit of this thread's transaction.
	 */
	List<JobMessage> waitingForCommit() {
		return (this.outbox != null) ? this.outbox.pending() : List.of();
	}

	/**
	 * Say what waits for the commit of this thread's transaction, and the way out.
	 */
	static String describeWaiting(List<JobMessage> waiting) {
		return waiting.size() + ((waiting.size() == 1) ? " job waits" : " jobs wait")
				+ " for the commit of the test's transaction: "
				+ waiting.stream().map(JobMessage::job).collect(Collectors.joining(", "))
				+ ". Commit it, with TestTransaction.flagForCommit() and TestTransaction.end(), take @Transactional off "
				+ "the test, or set 'jobs.enqueue-after-commit=false' for it";
	}

	void begin() throws InterruptedException {
		this.turn.take();
	}

	void end() {
		clear();
		this.turn.end();
	}

	private void refuseWhatWaitsForTheCommit() {
		List<JobMessage> waiting = waitingForCommit();
		if (!waiting.isEmpty()) {
			throw new IllegalStateException(describeWaiting(waiting));
		}
	}

}
