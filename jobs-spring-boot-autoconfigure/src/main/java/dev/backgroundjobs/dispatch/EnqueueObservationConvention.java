package dev.backgroundjobs.dispatch;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and keys of the observation of enqueueing. Declare a bean of this type to replace
 * {@link DefaultEnqueueObservationConvention}. Safe for use by several threads.
 */
public interface EnqueueObservationConvention extends ObservationConvention<EnqueueObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof EnqueueObservationContext;
	}

}
