package dev.backgroundjobs.execution;

import dev.backgroundjobs.execution.ExecuteObservationDocumentation.HighCardinality;
import dev.backgroundjobs.execution.ExecuteObservationDocumentation.LowCardinality;
import io.micrometer.common.KeyValues;

/**
 * The names and keys of {@link ExecuteObservationDocumentation}. Extend it to add keys.
 */
public class DefaultExecuteObservationConvention implements ExecuteObservationConvention {

	static final DefaultExecuteObservationConvention INSTANCE = new DefaultExecuteObservationConvention();

	@Override
	public String getName() {
		return "jobs.execute";
	}

	@Override
	public String getContextualName(ExecuteObservationContext context) {
		return "execute " + context.job();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(ExecuteObservationContext context) {
		return KeyValues.of(LowCardinality.JOB_NAME.withValue(context.job()),
				LowCardinality.QUEUE.withValue(context.queue()), LowCardinality.OUTCOME.withValue(context.outcome()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(ExecuteObservationContext context) {
		return KeyValues.of(HighCardinality.JOB_ID.withValue(context.message().id()),
				HighCardinality.JOB_ATTEMPT.withValue(String.valueOf(context.message().attempt())),
				HighCardinality.JOB_SEQ.withValue(String.valueOf(context.message().seq())));
	}

}
