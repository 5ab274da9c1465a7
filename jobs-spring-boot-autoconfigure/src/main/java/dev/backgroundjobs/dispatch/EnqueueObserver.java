package dev.backgroundjobs.dispatch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.MessageLimits;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Observes calls of the dispatcher, and puts the trace they belong to into their
 * messages. Safe for use by several threads.
 */
public final class EnqueueObserver {

	/** Observes nothing. */
	public static final EnqueueObserver NONE = new EnqueueObserver(ObservationRegistry.NOOP, null, (job) -> false,
			(queue) -> false);

	private static final String OTHER = "other";

	private final ObservationRegistry registry;

	private final @Nullable EnqueueObservationConvention convention;

	private final Predicate<String> isDeclaredJob;

	private final Predicate<String> isKnownQueue;

	/**
	 * Create an observer.
	 * @param registry takes observations
	 * @param convention replaces the default names and keys, or {@code null}
	 * @param isDeclaredJob tells whether a job is declared here, so that its name may
	 * become a tag
	 * @param isKnownQueue tells whether a queue's name may become a tag
	 */
	public EnqueueObserver(ObservationRegistry registry, @Nullable EnqueueObservationConvention convention,
			Predicate<String> isDeclaredJob, Predicate<String> isKnownQueue) {
		this.registry = registry;
		this.convention = convention;
		this.isDeclaredJob = isDeclaredJob;
		this.isKnownQueue = isKnownQueue;
	}

	/**
	 * Observe a call.
	 * @param call the call; gets {@code null} where nothing is observed
	 */
	<T> T observe(Function<@Nullable EnqueueObservationContext, T> call) {
		if (this.registry.isNoop()) {
			return call.apply(null);
		}
		EnqueueObservationContext context = new EnqueueObservationContext();
		return EnqueueObservationDocumentation.JOBS_ENQUEUE
			.observation(this.convention, DefaultEnqueueObservationConvention.INSTANCE, () -> context, this.registry)
			.observe(() -> call.apply(context));
	}

	/**
	 * Say what a call sends.
	 */
	void describe(@Nullable EnqueueObservationContext context, JobMessage message, String backend) {
		if (context == null) {
			return;
		}
		context.add(this.isDeclaredJob.test(message.job()) ? message.job() : OTHER,
				this.isKnownQueue.test(message.queue()) ? message.queue() : OTHER, backend);
	}

	/**
	 * Add the trace context to a caller's headers. What the caller set stays, and a
	 * message that has no room for more goes without.
	 */
	static Map<String, String> headers(Map<String, String> own, @Nullable EnqueueObservationContext context) {
		Map<String, String> carrier = (context != null) ? context.getCarrier() : null;
		if (carrier == null || carrier.isEmpty() || own.size() + carrier.size() > MessageLimits.MAX_HEADERS) {
			return own;
		}
		Map<String, String> headers = new LinkedHashMap<>(carrier);
		headers.putAll(own);
		return headers;
	}

}
