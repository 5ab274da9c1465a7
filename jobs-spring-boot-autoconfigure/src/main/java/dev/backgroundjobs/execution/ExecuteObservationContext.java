package dev.backgroundjobs.execution;

import java.util.Map;
import java.util.Objects;

import dev.backgroundjobs.message.JobMessage;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/**
 * What is known of a run while it is observed. Its carrier is the headers of the message,
 * with the trace context of whoever enqueued the job. Used by one thread.
 */
public final class ExecuteObservationContext extends ReceiverContext<Map<String, String>> {

	private final JobMessage message;

	private final String job;

	private final String queue;

	private String outcome = "running";

	ExecuteObservationContext(JobMessage message, String job, String queue) {
		super((carrier, key) -> Objects.requireNonNull(carrier).get(key), Kind.CONSUMER);
		setCarrier(message.headers());
		this.message = message;
		this.job = job;
		this.queue = queue;
	}

	/**
	 * Return the message that is run.
	 * @return the message, with its arguments as they came
	 */
	public JobMessage message() {
		return this.message;
	}

	/**
	 * Return the job's name.
	 * @return the declared name, also where the message has an alias
	 */
	public String job() {
		return this.job;
	}

	/**
	 * Return the queue as a tag may show it.
	 * @return a known queue, or {@code other}
	 */
	public String queue() {
		return this.queue;
	}

	/**
	 * Return how the run ended.
	 * @return {@code succeeded}, {@code failed}, {@code discarded}, {@code interrupted},
	 * {@code lease-lost}, or {@code running} while it goes on
	 */
	public String outcome() {
		return this.outcome;
	}

	void outcome(String outcome) {
		this.outcome = outcome;
	}

}
