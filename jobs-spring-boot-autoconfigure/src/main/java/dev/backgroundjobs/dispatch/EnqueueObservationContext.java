package dev.backgroundjobs.dispatch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call while it is observed. Its carrier takes the trace context that
 * travels in the message's headers. Used by one thread.
 */
public final class EnqueueObservationContext extends SenderContext<Map<String, String>> {

	/** The outcome while the call goes on, and when it has failed. */
	static final String FAILED = "failed";

	private static final String NONE = "none";

	private static final String SEVERAL = "several";

	private String job = NONE;

	private String queue = NONE;

	private String backend = NONE;

	private String outcome = FAILED;

	private @Nullable String jobId;

	private int batchSize;

	EnqueueObservationContext() {
		super((carrier, key, value) -> Objects.requireNonNull(carrier).put(key, value), Kind.PRODUCER);
		setCarrier(new LinkedHashMap<>());
	}

	/**
	 * Return the job's name as a tag may show it.
	 * @return a declared name, {@code other}, {@code several}, or {@code none} while it
	 * is not known
	 */
	public String job() {
		return this.job;
	}

	/**
	 * Return the queue as a tag may show it.
	 * @return a known queue, {@code other}, {@code several}, or {@code none} while it is
	 * not known
	 */
	public String queue() {
		return this.queue;
	}

	/**
	 * Return the name of the queue's backend.
	 * @return the name, {@code several}, or {@code none} while it is not known
	 */
	public String backend() {
		return this.backend;
	}

	/**
	 * Return what became of the call.
	 * @return {@code sent}, {@code waiting}, {@code duplicate} or {@code failed}
	 */
	public String outcome() {
		return this.outcome;
	}

	/**
	 * Return the job's id.
	 * @return the id, or {@code null} for a bulk or while it is not known
	 */
	public @Nullable String jobId() {
		return this.jobId;
	}

	/**
	 * Return the number of jobs of a bulk.
	 * @return the number, 0 for a single call
	 */
	public int batchSize() {
		return this.batchSize;
	}

	void single(String id) {
		this.jobId = id;
	}

	void bulk(int size) {
		this.batchSize = size;
	}

	void add(String job, String queue, String backend) {
		this.job = merge(this.job, job);
		this.queue = merge(this.queue, queue);
		this.backend = merge(this.backend, backend);
	}

	void outcome(String outcome) {
		this.outcome = outcome;
	}

	private static String merge(String before, String next) {
		return (before.equals(NONE) || before.equals(next)) ? next : SEVERAL;
	}

}
