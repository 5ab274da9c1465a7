package dev.backgroundjobs.test;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import dev.backgroundjobs.JobMethod;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.message.JobMessage;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on what happened to jobs in a test.
 */
public final class JobsTesterAssert extends AbstractAssert<JobsTesterAssert, JobsTester> {

	private final JobReader reader;

	JobsTesterAssert(JobsTester actual, JobReader reader) {
		super(actual, JobsTesterAssert.class);
		this.reader = reader;
	}

	/**
	 * Check that a job without parameters was enqueued.
	 * @param <T> the bean's type
	 * @param method the job method
	 * @return checks how
	 */
	public <T> EnqueuedJobsAssert enqueued(JobMethod.Of0<T> method) {
		return enqueuedJobs(this.reader.name(method));
	}

	/**
	 * Check that a job with one parameter was enqueued.
	 * @param <T> the bean's type
	 * @param <A> the parameter's type
	 * @param method the job method
	 * @return checks how
	 */
	public <T, A> EnqueuedJobsAssert enqueued(JobMethod.Of1<T, A> method) {
		return enqueuedJobs(this.reader.name(method));
	}

	/**
	 * Check that a job with two parameters was enqueued.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param method the job method
	 * @return checks how
	 */
	public <T, A, B> EnqueuedJobsAssert enqueued(JobMethod.Of2<T, A, B> method) {
		return enqueuedJobs(this.reader.name(method));
	}

	/**
	 * Check that a job with three parameters was enqueued.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param <C> the third parameter's type
	 * @param method the job method
	 * @return checks how
	 */
	public <T, A, B, C> EnqueuedJobsAssert enqueued(JobMethod.Of3<T, A, B, C> method) {
		return enqueuedJobs(this.reader.name(method));
	}

	/**
	 * Check that a job was enqueued.
	 * @param name the job's name or one of its aliases
	 * @return checks how
	 */
	public EnqueuedJobsAssert enqueued(String name) {
		return enqueuedJobs(this.reader.name(name));
	}

	/**
	 * Check that a job without parameters was not enqueued.
	 * @param <T> the bean's type
	 * @param method the job method
	 * @return this
	 */
	public <T> JobsTesterAssert didNotEnqueue(JobMethod.Of0<T> method) {
		return none(this.reader.name(method));
	}

	/**
	 * Check that a job with one parameter was not enqueued.
	 * @param <T> the bean's type
	 * @param <A> the parameter's type
	 * @param method the job method
	 * @return this
	 */
	public <T, A> JobsTesterAssert didNotEnqueue(JobMethod.Of1<T, A> method) {
		return none(this.reader.name(method));
	}

	/**
	 * Check that a job with two parameters was not enqueued.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param method the job method
	 * @return this
	 */
	public <T, A, B> JobsTesterAssert didNotEnqueue(JobMethod.Of2<T, A, B> method) {
		return none(this.reader.name(method));
	}

	/**
	 * Check that a job with three parameters was not enqueued.
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param <C> the third parameter's type
	 * @param method the job method
	 * @return this
	 */
	public <T, A, B, C> JobsTesterAssert didNotEnqueue(JobMethod.Of3<T, A, B, C> method) {
		return none(this.reader.name(method));
	}

	/**
	 * Check that a job was not enqueued.
	 * @param name the job's name or one of its aliases
	 * @return this
	 */
	public JobsTesterAssert didNotEnqueue(String name) {
		return none(this.reader.name(name));
	}

	/**
	 * Check that no job was enqueued, and that none waits for the commit of the test's
	 * transaction.
	 * @return this
	 */
	public JobsTesterAssert enqueuedNothing() {
		List<RecordedJob> enqueued = this.actual.enqueued();
		if (!enqueued.isEmpty()) {
			failWithMessage("%s", "Expecting that no job was enqueued, but there are:" + RecordedJobs.listed(enqueued));
		}
		List<JobMessage> waiting = this.actual.waitingForCommit();
		if (!waiting.isEmpty()) {
			failWithMessage("%s",
					"Expecting that no job was enqueued, but " + JobsTester.describeWaiting(waiting) + ".");
		}
		return this;
	}

	/**
	 * Check that no job has died.
	 * @return this
	 */
	public JobsTesterAssert hasNoDeadJobs() {
		List<DeadJobEvent> dead = this.actual.deadJobs();
		if (!dead.isEmpty()) {
			throw failure("Expecting that no job is dead, but there are:" + dead.stream()
				.map((event) -> "\n  " + this.reader.read(event.message()) + ": " + event.reason()
						+ ((event.cause() != null) ? ", " + event.cause() : ""))
				.collect(Collectors.joining()), dead);
		}
		return this;
	}

	/**
	 * Check that every run did what it should: no attempt failed, whether another follows
	 * or not. Discarded and interrupted jobs have not failed.
	 * @return this
	 */
	public JobsTesterAssert hasNoFailedRuns() {
		List<JobRun> failed = this.actual.runs().stream().filter(JobRun::isFailed).toList();
		if (!failed.isEmpty()) {
			throw failure("Expecting that no run has failed, but there are:" + failed.stream()
				.map((run) -> "\n  " + run.job()
						+ ((run.error() != null) ? ": " + run.error().type() + ": " + run.error().message()
								: ": " + run.settlement()))
				.collect(Collectors.joining()), this.actual.deadJobs());
		}
		return this;
	}

	private EnqueuedJobsAssert enqueuedJobs(String name) {
		List<RecordedJob> all = this.actual.enqueued();
		return new EnqueuedJobsAssert(name, all, this.actual.waitingForCommit());
	}

	private JobsTesterAssert none(String name) {
		List<RecordedJob> found = RecordedJobs.of(name, this.actual.enqueued());
		if (!found.isEmpty()) {
			failWithMessage("%s",
					"Expecting that '" + name + "' was not enqueued, but there are:" + RecordedJobs.listed(found));
		}
		List<JobMessage> waiting = this.actual.waitingForCommit()
			.stream()
			.filter((message) -> message.job().equals(name))
			.toList();
		if (!waiting.isEmpty()) {
			failWithMessage("%s",
					"Expecting that '" + name + "' was not enqueued, but " + JobsTester.describeWaiting(waiting) + ".");
		}
		return this;
	}

	// The first exception is the cause, so that its stack is shown.
	private AssertionError failure(String text, List<DeadJobEvent> dead) {
		AssertionError error = failure("%s", text);
		@Nullable Throwable cause = dead.stream().map(DeadJobEvent::cause).filter(Objects::nonNull).findFirst().orElse(null);
		if (error.getCause() == null && cause != null) {
			error.initCause(cause);
		}
		return error;
	}

}
