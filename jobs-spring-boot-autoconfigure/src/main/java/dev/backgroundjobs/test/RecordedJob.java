package dev.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.format.annotation.DurationFormat.Style;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * A job as a test sees it: what was enqueued, with the arguments as the job's method will
 * get them. Immutable.
 */
public final class RecordedJob {

	private static final Set<String> TRACE = Set.of("traceparent", "tracestate", "baggage");

	private final JobMessage message;

	private final List<@Nullable Object> arguments;

	private final Predicate<List<@Nullable Object>> sameArguments;

	RecordedJob(JobMessage message, List<@Nullable Object> arguments, Predicate<List<@Nullable Object>> sameArguments) {
		this.message = message;
		this.arguments = arguments;
		this.sameArguments = sameArguments;
	}

	/**
	 * Return the job's id.
	 * @return a UUID, that of {@code EnqueuedJob.id()}
	 */
	public String id() {
		return this.message.id();
	}

	/**
	 * Return the job's name.
	 * @return the name on the wire
	 */
	public String job() {
		return this.message.job();
	}

	/**
	 * Return the queue.
	 * @return the queue
	 */
	public String queue() {
		return this.message.queue();
	}

	/**
	 * Return the arguments, read back from JSON into the parameters' types; for a job of
	 * another service into maps, lists and simple values.
	 * @return the arguments, unmodifiable
	 */
	public List<@Nullable Object> arguments() {
		return this.arguments;
	}

	/**
	 * Return which attempt this asks for.
	 * @return the attempt, from 1
	 */
	public int attempt() {
		return this.message.attempt();
	}

	/**
	 * Return when the job was enqueued, by the tester's clock.
	 * @return the time
	 */
	public Instant enqueuedAt() {
		return this.message.enqueuedAt();
	}

	/**
	 * Return when the job is to run.
	 * @return the time, or {@code null} for at once
	 */
	public @Nullable Instant runAt() {
		return this.message.runAt();
	}

	/**
	 * Return how long after it was enqueued the job is to run.
	 * @return the delay, zero for at once
	 */
	public Duration delay() {
		Instant runAt = runAt();
		return (runAt != null) ? Duration.between(enqueuedAt(), runAt) : Duration.ZERO;
	}

	/**
	 * Return the priority.
	 * @return the priority, higher first
	 */
	public int priority() {
		return this.message.priority();
	}

	/**
	 * Return the headers that travel with the job.
	 * @return the headers, unmodifiable
	 */
	public Map<String, String> headers() {
		return this.message.headers();
	}

	boolean hasArguments(List<@Nullable Object> expected) {
		return this.sameArguments.test(expected);
	}

	/**
	 * Describe the job with its arguments.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		text.append(job()).append(this.arguments).append(" on queue '").append(queue()).append('\'');
		text.append((runAt() != null)
				? ", in " + DurationFormatterUtils.print(delay(), Style.COMPOSITE) + " (at " + runAt() + ")"
				: ", at once");
		if (attempt() > 1) {
			text.append(", attempt ").append(attempt());
		}
		if (priority() != 0) {
			text.append(", priority ").append(priority());
		}
		// The trace differs with every run and says nothing about the job.
		Map<String, String> headers = new TreeMap<>(headers());
		headers.keySet().removeAll(TRACE);
		if (!headers.isEmpty()) {
			text.append(", headers ").append(headers);
		}
		return text.toString();
	}

}
