package dev.backgroundjobs.sample.pi;

import java.util.UUID;

import dev.backgroundjobs.execution.DeadJobEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Writes down what the library tells about computations that will not be tried again, in
 * whichever way they run.
 */
@Component
class PiEnds {

	private final PiStore store;

	PiEnds(PiStore store) {
		this.store = store;
	}

	@EventListener(condition = "#event.message.job == 'pi.compute'")
	void isDead(DeadJobEvent event) {
		this.store.failed(UUID.fromString(event.message().id()), "It was tried again and again, and failed.");
	}

}
