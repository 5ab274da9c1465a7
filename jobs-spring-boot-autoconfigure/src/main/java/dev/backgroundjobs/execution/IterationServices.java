package dev.backgroundjobs.execution;

import java.time.Clock;

import dev.backgroundjobs.execution.ExecuteObservationDocumentation.IterationEvent;
import dev.backgroundjobs.message.CursorCodec;
import org.jspecify.annotations.Nullable;

/**
 * What slices of iterations need besides their message.
 *
 * @param settings how iterations are cut
 * @param cursors writes and reads cursors
 * @param check decides after every item whether to interrupt, or {@code null}
 * @param observer is told what happens
 * @param clock tells the time
 */
record IterationServices(IterationSettings settings, CursorCodec cursors, @Nullable SliceCheck check,
		ExecuteObserver observer, Clock clock) {

	void observe(IterationEvent event) {
		this.observer.event(event);
	}

}
