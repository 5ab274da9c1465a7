package dev.backgroundjobs.delivery;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.backgroundjobs.message.DecodedMessage;
import dev.backgroundjobs.message.JobMessage;

/**
 * What a delivery brings: a message to run, messages that an event starts, or nothing
 * that is run.
 *
 * @param key what a repeat has as well; empty when nothing is run
 * @param message the message to run, or {@code null}
 * @param started the messages to enqueue instead, none unless an event starts several
 * @param settlement what to answer where nothing is run, or {@code null}
 */
record ReadDelivery(String key, @Nullable DecodedMessage message, List<JobMessage> started,
		@Nullable Settlement settlement) {

	static ReadDelivery refused(Settlement settlement) {
		return new ReadDelivery("", null, List.of(), settlement);
	}

	static ReadDelivery of(DecodedMessage message) {
		return new ReadDelivery(message.message().deliveryKey(), message, List.of(), null);
	}

	static ReadDelivery of(List<JobMessage> started) {
		return new ReadDelivery("event " + started.get(0).id(), null, started, null);
	}

}
