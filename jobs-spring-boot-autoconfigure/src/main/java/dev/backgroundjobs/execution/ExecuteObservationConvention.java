package dev.backgroundjobs.execution;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and keys of the observation of runs. Declare a bean of this type to replace
 * {@link DefaultExecuteObservationConvention}. Safe for use by several threads.
 */
public interface ExecuteObservationConvention extends ObservationConvention<ExecuteObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof ExecuteObservationContext;
	}

}
