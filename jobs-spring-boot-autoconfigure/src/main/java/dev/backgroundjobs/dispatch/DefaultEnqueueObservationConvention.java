package dev.backgroundjobs.dispatch;

import dev.backgroundjobs.dispatch.EnqueueObservationDocumentation.HighCardinality;
import dev.backgroundjobs.dispatch.EnqueueObservationDocumentation.LowCardinality;
import io.micrometer.common.KeyValues;

/**
 * The names and keys of {@link EnqueueObservationDocumentation}. Extend it to add keys.
 */
public class DefaultEnqueueObservationConvention implements EnqueueObservationConvention {

	static final DefaultEnqueueObservationConvention INSTANCE = new DefaultEnqueueObservationConvention();

	@Override
	public String getName() {
		return "jobs.enqueue";
	}

	@Override
	public String getContextualName(EnqueueObservationContext context) {
		return "enqueue " + context.job();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(EnqueueObservationContext context) {
		return KeyValues.of(LowCardinality.JOB_NAME.withValue(context.job()),
				LowCardinality.QUEUE.withValue(context.queue()), LowCardinality.BACKEND.withValue(context.backend()),
				LowCardinality.OUTCOME.withValue(context.outcome()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(EnqueueObservationContext context) {
		String id = context.jobId();
		if (id != null) {
			return KeyValues.of(HighCardinality.JOB_ID.withValue(id));
		}
		return (context.batchSize() > 0)
				? KeyValues.of(HighCardinality.BATCH_SIZE.withValue(String.valueOf(context.batchSize())))
				: KeyValues.empty();
	}

}
