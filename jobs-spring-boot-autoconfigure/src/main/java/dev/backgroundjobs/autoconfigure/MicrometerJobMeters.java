package dev.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.delivery.DeadReason;
import dev.backgroundjobs.delivery.DeliveryMeters;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.dispatch.EnqueueFailedEvent;
import dev.backgroundjobs.execution.Slice;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;

import org.springframework.context.event.EventListener;

/**
 * The meters of jobs, in Micrometer. Every name that becomes a tag is one of this
 * application's own, or {@code other}: what arrives adds no meters.
 */
final class MicrometerJobMeters implements DeliveryMeters, BackendRequests {

	private static final String OTHER = "other";

	// Not "job", which Prometheus sets itself to what it scrapes.
	private static final String JOB_NAME = "job.name";

	private final MeterRegistry registry;

	private final DeclaredJobs jobs;

	private final Predicate<String> isKnownQueue;

	// Looked up once for each delivery, so they are kept; the rest is rare.
	private final Map<JobTags, Timer> waits = new ConcurrentHashMap<>();

	private final Map<DeliveryTags, Counter> deliveries = new ConcurrentHashMap<>();

	private final Map<RequestTags, Requests> requests = new ConcurrentHashMap<>();

	MicrometerJobMeters(MeterRegistry registry, DeclaredJobs jobs, Predicate<String> isKnownQueue) {
		this.registry = registry;
		this.jobs = jobs;
		this.isKnownQueue = isKnownQueue;
	}

	@Override
	public void waited(JobMessage message, Duration wait) {
		this.waits
			.computeIfAbsent(tags(message),
					(tags) -> Timer.builder("jobs.queue.wait")
						.description("Time from when a job could run until a run of it starts")
						.tags(JOB_NAME, tags.job(), "queue", tags.queue())
						.register(this.registry))
			.record(wait);
	}

	@Override
	public void retried(JobMessage message) {
		count("jobs.retries", "Failed attempts that another follows", message);
	}

	@Override
	public void dead(JobMessage message, DeadReason reason) {
		JobTags tags = tags(message);
		Counter.builder("jobs.dead")
			.description("Jobs whose attempts are used up, or that can never run")
			.tags(JOB_NAME, tags.job(), "queue", tags.queue(), "reason", reason.tag())
			.register(this.registry)
			.increment();
	}

	@Override
	public void discarded(JobMessage message) {
		count("jobs.discarded", "Jobs that said never again", message);
	}

	@Override
	public void interrupted(JobMessage message) {
		count("jobs.interrupted", "Runs that a shutdown ended", message);
	}

	@Override
	public void iterated(JobMessage message, @Nullable Slice slice) {
		if (slice != null) {
			count("jobs.iteration.slices", "Slices of iterations", message, 1);
			count("jobs.iteration.items", "Items of iterations that are done, those that failed and were skipped too",
					message, slice.items());
			count("jobs.iteration.items.failed", "Items of iterations that failed and were skipped", message,
					slice.failed());
		}
	}

	@Override
	public void expired(JobMessage message) {
		count("jobs.expired", "Jobs that were not started in time", message);
	}

	@Override
	public void unsigned(JobMessage message) {
		count("jobs.deliveries.unsigned", "Unsigned messages that 'jobs.signing.required=true' would refuse", message);
	}

	@Override
	public void deferred() {
		Counter.builder("jobs.deferred")
			.description("Deliveries of jobs that are not declared here, put off")
			.register(this.registry)
			.increment();
	}

	@Override
	public void refused(String reason) {
		Counter.builder("jobs.deliveries.refused")
			.description("Deliveries that were refused before they were taken for a message")
			.tags("reason", reason)
			.register(this.registry)
			.increment();
	}

	@Override
	public void settled(String source, Settlement settlement) {
		this.deliveries
			.computeIfAbsent(new DeliveryTags(source, settlement),
					(tags) -> Counter.builder("jobs.deliveries")
						.description("Deliveries by what the platform was told")
						.tags("source", tags.source(), "settlement", tags.settlement().tag())
						.register(this.registry))
			.increment();
	}

	/**
	 * A transaction has committed, and a job of it was not sent.
	 */
	@EventListener
	void notSent(EnqueueFailedEvent event) {
		count("jobs.enqueue.lost", "Jobs of committed transactions that could not be sent", event.message());
	}

	@Override
	public void count(String backend, String operation, long bytes) {
		Requests counted = this.requests.computeIfAbsent(new RequestTags(backend, operation), this::requests);
		counted.number().increment();
		counted.bytes().increment((double) bytes);
	}

	private Requests requests(RequestTags tags) {
		return new Requests(
				Counter.builder("jobs.backend.requests")
					.description("Requests to the platform")
					.tags("backend", tags.backend(), "operation", tags.operation())
					.register(this.registry),
				Counter.builder("jobs.backend.bytes")
					.description("Bytes of messages in requests to the platform")
					.baseUnit(BaseUnits.BYTES)
					.tags("backend", tags.backend(), "operation", tags.operation())
					.register(this.registry));
	}

	private void count(String name, String description, JobMessage message) {
		count(name, description, message, 1);
	}

	private void count(String name, String description, JobMessage message, long amount) {
		JobTags tags = tags(message);
		Counter.builder(name)
			.description(description)
			.tags(JOB_NAME, tags.job(), "queue", tags.queue())
			.register(this.registry)
			.increment((double) amount);
	}

	private JobTags tags(JobMessage message) {
		JobDefinition definition = this.jobs.get().find(message.job());
		return new JobTags((definition != null) ? definition.name() : OTHER,
				this.isKnownQueue.test(message.queue()) ? message.queue() : OTHER);
	}

	private record JobTags(String job, String queue) {
	}

	private record DeliveryTags(String source, Settlement settlement) {
	}

	private record RequestTags(String backend, String operation) {
	}

	private record Requests(Counter number, Counter bytes) {
	}

}
