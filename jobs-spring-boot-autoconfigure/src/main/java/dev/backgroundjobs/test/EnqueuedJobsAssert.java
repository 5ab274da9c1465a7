package dev.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import dev.backgroundjobs.message.ArgumentException;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.MessageNames;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

import org.springframework.format.annotation.DurationFormat.Style;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * Assertions on how a job was enqueued. Each narrows down the jobs that are meant, and
 * fails when none is left: {@code enqueued(Reports::generate).onQueue("bulk").once()}
 * counts those on queue {@code bulk}, {@code enqueued(Reports::generate).once()} all.
 */
public final class EnqueuedJobsAssert extends AbstractAssert<EnqueuedJobsAssert, List<RecordedJob>> {

	private final List<RecordedJob> all;

	private final List<JobMessage> waitingForCommit;

	private final StringBuilder expected;

	private List<RecordedJob> meant;

	EnqueuedJobsAssert(String job, List<RecordedJob> all, List<JobMessage> waitingForCommit) {
		super(RecordedJobs.of(job, all), EnqueuedJobsAssert.class);
		this.all = all;
		this.waitingForCommit = waitingForCommit;
		this.expected = new StringBuilder("Expecting that '" + job + "' was enqueued");
		this.meant = this.actual;
		if (this.meant.isEmpty()) {
			failWithMessage("%s", noneOf(job));
		}
	}

	/**
	 * Check that there is one such job.
	 * @return this
	 */
	public EnqueuedJobsAssert once() {
		return times(1);
	}

	/**
	 * Check how many such jobs there are.
	 * @param number the number
	 * @return this
	 */
	public EnqueuedJobsAssert times(int number) {
		this.expected.append((number == 1) ? ", once" : ", " + number + " times");
		if (this.meant.size() != number) {
			failWithMessage("%s", this.expected + ", but it was " + this.meant.size()
					+ ((this.meant.size() == 1) ? " time:" : " times:") + RecordedJobs.listed(this.meant) + besides());
		}
		return this;
	}

	/**
	 * Check the queue.
	 * @param queue the queue
	 * @return this
	 */
	public EnqueuedJobsAssert onQueue(String queue) {
		return narrow(", on queue '" + queue + "'", (job) -> job.queue().equals(queue));
	}

	/**
	 * Check the arguments. They are compared as the job's method will get them: read back
	 * from JSON, by {@code equals}, or by their JSON for a class without it.
	 * @param arguments the arguments, in the order of the parameters
	 * @return this
	 */
	public EnqueuedJobsAssert withArguments(@Nullable Object... arguments) {
		List<@Nullable Object> wanted = Arrays.asList(arguments);
		try {
			return narrow(", with arguments " + wanted, (job) -> job.hasArguments(wanted));
		}
		catch (ArgumentException ex) {
			failWithMessage("%s", this.expected + ", which cannot be: " + ex.getMessage());
			return this;
		}
	}

	/**
	 * Check the delay.
	 * @param delay how long after it was enqueued the job is to run, zero for at once
	 * @return this
	 */
	public EnqueuedJobsAssert in(Duration delay) {
		return narrow(", in " + DurationFormatterUtils.print(delay, Style.COMPOSITE),
				(job) -> isSame(delay, job.delay()));
	}

	/**
	 * Check the time.
	 * @param time when the job is to run
	 * @return this
	 */
	public EnqueuedJobsAssert at(Instant time) {
		return narrow(", at " + time, (job) -> {
			Instant runAt = job.runAt();
			return runAt != null && isSame(Duration.ZERO, Duration.between(time, runAt));
		});
	}

	/**
	 * Check the priority.
	 * @param priority the priority
	 * @return this
	 */
	public EnqueuedJobsAssert withPriority(int priority) {
		return narrow(", with priority " + priority, (job) -> job.priority() == priority);
	}

	/**
	 * Check a header.
	 * @param name the header's name
	 * @param value its value
	 * @return this
	 */
	public EnqueuedJobsAssert withHeader(String name, String value) {
		return narrow(", with header " + name + "=" + value, (job) -> value.equals(job.headers().get(name)));
	}

	private EnqueuedJobsAssert narrow(String text, Predicate<RecordedJob> condition) {
		this.expected.append(text);
		List<RecordedJob> left = this.meant.stream().filter(condition).toList();
		if (left.isEmpty()) {
			failWithMessage("%s",
					this.expected + ", but it was not. Nearest:" + RecordedJobs.listed(this.meant) + besides());
		}
		this.meant = left;
		return this;
	}

	// The wire has whole milliseconds, and rounds up.
	private static boolean isSame(Duration expected, Duration actual) {
		Duration more = actual.minus(expected);
		return !more.isNegative() && more.compareTo(Duration.ofMillis(1)) < 0;
	}

	private String noneOf(String job) {
		if (!this.waitingForCommit.isEmpty()) {
			return this.expected + ", but " + JobsTester.describeWaiting(this.waitingForCommit) + "." + besides();
		}
		if (this.all.isEmpty()) {
			return this.expected + ", but nothing was.";
		}
		String nearest = MessageNames.nearest(job, this.all.stream().map(RecordedJob::job).toList());
		return this.expected + ", but it was not"
				+ ((nearest != null) ? ". Nearest:" + RecordedJobs.listed(RecordedJobs.of(nearest, this.all)) : ".")
				+ besides((nearest != null) ? RecordedJobs.of(nearest, this.all) : List.of());
	}

	private String besides() {
		return besides(this.meant);
	}

	private String besides(List<RecordedJob> listed) {
		List<RecordedJob> others = new ArrayList<>(this.all);
		others.removeAll(listed);
		return others.isEmpty() ? "" : "\nEnqueued besides:" + RecordedJobs.listed(others);
	}

}
