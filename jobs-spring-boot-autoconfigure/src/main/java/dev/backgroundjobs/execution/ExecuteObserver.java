package dev.backgroundjobs.execution;

import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.execution.ExecuteObservationDocumentation.IterationEvent;
import dev.backgroundjobs.message.JobMessage;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Observes runs, as part of the trace that their message belongs to. Safe for use by
 * several threads.
 */
public final class ExecuteObserver {

	/** Observes nothing. */
	public static final ExecuteObserver NONE = new ExecuteObserver(ObservationRegistry.NOOP, null, (queue) -> false);

	private final ObservationRegistry registry;

	private final @Nullable ExecuteObservationConvention convention;

	private final Predicate<String> isKnownQueue;

	/**
	 * Create an observer.
	 * @param registry takes observations
	 * @param convention replaces the default names and keys, or {@code null}
	 * @param isKnownQueue tells whether a queue's name may become a tag
	 */
	public ExecuteObserver(ObservationRegistry registry, @Nullable ExecuteObservationConvention convention,
			Predicate<String> isKnownQueue) {
		this.registry = registry;
		this.convention = convention;
		this.isKnownQueue = isKnownQueue;
	}

	JobOutcome observe(JobMessage message, JobDefinition definition, Supplier<JobOutcome> run) {
		if (this.registry.isNoop()) {
			return run.get();
		}
		String queue = this.isKnownQueue.test(message.queue()) ? message.queue() : "other";
		ExecuteObservationContext context = new ExecuteObservationContext(message, definition.name(), queue);
		Observation observation = ExecuteObservationDocumentation.JOBS_EXECUTE.observation(this.convention,
				DefaultExecuteObservationConvention.INSTANCE, () -> context, this.registry);
		return observation.observe(() -> {
			JobOutcome outcome = run.get();
			context.outcome(name(outcome));
			if (outcome instanceof JobOutcome.Failed failed) {
				observation.error(failed.cause());
			}
			return outcome;
		});
	}

	/**
	 * Note something that happens within the run on this thread.
	 */
	void event(IterationEvent event) {
		Observation current = this.registry.getCurrentObservation();
		if (current != null) {
			current.event(event);
		}
	}

	private static String name(JobOutcome outcome) {
		if (outcome instanceof JobOutcome.Succeeded) {
			return "succeeded";
		}
		if (outcome instanceof JobOutcome.Failed) {
			return "failed";
		}
		if (outcome instanceof JobOutcome.Discarded) {
			return "discarded";
		}
		if (outcome instanceof JobOutcome.Stopped || outcome instanceof JobOutcome.Split) {
			return (outcome instanceof JobOutcome.Stopped) ? "stopped" : "split";
		}
		return (outcome instanceof JobOutcome.Interrupted) ? "interrupted" : "lease-lost";
	}

}
