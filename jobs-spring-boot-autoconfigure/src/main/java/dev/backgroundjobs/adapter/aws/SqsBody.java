package dev.backgroundjobs.adapter.aws;

import java.util.List;

import io.cloudevents.CloudEvent;
import tools.jackson.databind.node.ObjectNode;

import dev.backgroundjobs.delivery.MessageShape;
import dev.backgroundjobs.event.EventJson;
import dev.backgroundjobs.message.UnreadableMessageException;

/**
 * Tells events from messages on a queue of SQS, however it was received.
 */
public final class SqsBody {

	private SqsBody() {
	}

	/**
	 * Return the events that the body of a message holds.
	 * @param body the body
	 * @return the events; none for a message of ours, and for what nobody can read
	 */
	public static List<CloudEvent> events(String body) {
		if (!body.stripLeading().startsWith("{")) {
			return List.of();
		}
		if (EventJson.value(body) instanceof ObjectNode json && !MessageShape.isMessage(json)) {
			try {
				return AwsEvents.events(json);
			}
			catch (UnreadableMessageException ex) {
				// The pipe finds the same when it reads it for a message, and says so.
				return List.of();
			}
		}
		return List.of();
	}

}
