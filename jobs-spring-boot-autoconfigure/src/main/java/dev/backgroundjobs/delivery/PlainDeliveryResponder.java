package dev.backgroundjobs.delivery;

import java.time.Duration;
import java.util.List;

/**
 * Answers a caller that sends one message in a request and reads the status.
 */
final class PlainDeliveryResponder implements DeliveryResponder {

	private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

	@Override
	public DeliveryResponse respond(List<Settlement> settlements) {
		return respond(settlements.get(0));
	}

	static DeliveryResponse respond(Settlement settlement) {
		return switch (settlement) {
			case DONE, REPLACED, DUPLICATE, EXPIRED, DEAD_KEPT, DEAD, UNMATCHED -> DeliveryResponse.of(204);
			case RELEASED, DEAD_RELEASED, UNMATCHED_RELEASED -> problem(422, "Deliver again");
			case RELEASED_UNKNOWN -> problem(404, "Job not known here");
			case BUSY -> problem(409, "Being run right now");
			case UNREADABLE -> problem(400, "Not a message");
			case UNTRUSTED -> problem(401, "Neither an accepted caller nor an accepted signature");
			case UNAVAILABLE -> unavailable();
		};
	}

	static DeliveryResponse unavailable() {
		return new DeliveryResponse(503, problem(503, "Deliver again later").body(), RETRY_AFTER);
	}

	static DeliveryResponse problem(int status, String title) {
		return new DeliveryResponse(status, "{\"title\":\"" + title + "\",\"status\":" + status + "}", null);
	}

}
