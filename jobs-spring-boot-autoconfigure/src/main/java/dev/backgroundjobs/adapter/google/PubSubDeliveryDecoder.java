package dev.backgroundjobs.adapter.google;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.backgroundjobs.delivery.DecodedRequest;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryDecoder;
import dev.backgroundjobs.delivery.DeliveryRequest;
import dev.backgroundjobs.delivery.DeliveryResponder;
import dev.backgroundjobs.event.EventJson;
import dev.backgroundjobs.message.UnreadableMessageException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what Pub/Sub pushes: wrapped, in a JSON object that says all of the message, or
 * unwrapped, with the data as the body and the rest in headers where the subscription
 * writes metadata. Without metadata the body is taken for a message as from any caller.
 */
final class PubSubDeliveryDecoder implements DeliveryDecoder {

	private static final String METADATA = "x-goog-pubsub-";

	// The fields of the object that wraps a message, whichever is first. Ours begin with
	// the version, so that they need not be read twice.
	private static final Set<String> WRAPPER = Set.of("message", "subscription", "deliveryAttempt");

	// What every request has, so that it is no attribute.
	private static final Set<String> NO_ATTRIBUTES = Set.of("host", "user-agent", "content-type", "content-length",
			"accept", "accept-encoding", "connection", "from", "via", "forwarded", "traceparent", "tracestate",
			"transfer-encoding", "x-cloud-trace-context");

	private final Duration ackDeadline;

	private final Clock clock;

	/**
	 * Create a decoder.
	 * @param ackDeadline the subscriptions' ack deadline, which is the time a request has
	 */
	PubSubDeliveryDecoder(Duration ackDeadline, Clock clock) {
		this.ackDeadline = ackDeadline;
		this.clock = clock;
	}

	@Override
	public int maxBytes(DeliveryRequest request) {
		if (isOthers(request)) {
			return 0;
		}
		boolean mayBeWrapped = request.header("Authorization") != null && isJson(request.header("Content-Type"));
		return (isUnwrapped(request) || mayBeWrapped) ? EventJson.MAX_BYTES : 0;
	}

	@Override
	public @Nullable DecodedRequest decode(DeliveryRequest request, byte[] body, boolean isTrusted) {
		if (!isTrusted || isOthers(request)) {
			return null;
		}
		PubSubMessage message;
		if (isUnwrapped(request)) {
			message = unwrapped(request, body);
		}
		else if (isWrapped(body)) {
			message = wrapped(EventJson.object(body));
		}
		else {
			return null;
		}
		Instant deadline = this.clock.instant().plus(this.ackDeadline);
		Delivery delivery = Delivery.pushed(message.data(), true, message.redeliveries(), deadline);
		return new DecodedRequest(List.of(message.describe(delivery)), DeliveryResponder.plain());
	}

	// Eventarc sends what Pub/Sub wraps as the data of an event.
	private static boolean isOthers(DeliveryRequest request) {
		return request.header("X-CloudTasks-TaskName") != null || request.header("ce-specversion") != null;
	}

	private static boolean isUnwrapped(DeliveryRequest request) {
		return request.header(METADATA + "message-id") != null
				|| request.header(METADATA + "subscription-name") != null;
	}

	private static boolean isJson(@Nullable String contentType) {
		return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("application/json");
	}

	private static boolean isWrapped(byte[] body) {
		int at = skipSpace(body, 0);
		if (at == body.length || body[at] != '{') {
			return false;
		}
		at = skipSpace(body, at + 1);
		for (String name : WRAPPER) {
			if (startsWith(body, at, "\"" + name + "\"")) {
				return true;
			}
		}
		return false;
	}

	private static int skipSpace(byte[] body, int from) {
		int at = from;
		while (at < body.length && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t')) {
			at++;
		}
		return at;
	}

	private static boolean startsWith(byte[] body, int from, String text) {
		if (body.length - from < text.length()) {
			return false;
		}
		for (int i = 0; i < text.length(); i++) {
			if (body[from + i] != text.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	private static PubSubMessage wrapped(ObjectNode push) {
		if (!(push.get("message") instanceof ObjectNode message)) {
			throw new UnreadableMessageException("wraps no message");
		}
		Map<String, String> attributes = new LinkedHashMap<>();
		for (Map.Entry<String, JsonNode> attribute : message.path("attributes").properties()) {
			attributes.put(attribute.getKey(), attribute.getValue().asString(""));
		}
		JsonNode attempt = push.path("deliveryAttempt");
		return new PubSubMessage(data(message), attributes, either(message, "messageId", "message_id"),
				either(message, "publishTime", "publish_time"), either(message, "orderingKey", "ordering_key"),
				EventJson.string(push, "subscription"), attempt.isInt() ? Math.max(0, attempt.intValue()) : 0);
	}

	private static byte[] data(ObjectNode message) {
		String base64 = EventJson.string(message, "data");
		try {
			return (base64 != null) ? Base64.getDecoder().decode(base64) : new byte[0];
		}
		catch (IllegalArgumentException ex) {
			throw new UnreadableMessageException("wraps data that is not base64");
		}
	}

	private static @Nullable String either(ObjectNode message, String name, String other) {
		String value = EventJson.string(message, name);
		return (value != null) ? value : EventJson.string(message, other);
	}

	private static PubSubMessage unwrapped(DeliveryRequest request, byte[] body) {
		Map<String, String> attributes = new LinkedHashMap<>();
		request.headers().forEach((name, value) -> {
			String lower = name.toLowerCase(Locale.ROOT);
			boolean isOfTheWay = lower.startsWith("x-goog-") || lower.startsWith("x-forwarded-")
					|| NO_ATTRIBUTES.contains(lower);
			// Credentials do not travel on in messages, whoever may have added them.
			if (!isOfTheWay && !lower.endsWith("authorization") && !lower.endsWith("cookie")) {
				attributes.put(name, value);
			}
		});
		// HTTP/2 has lower-case names only.
		for (String name : List.of("eventType", "bucketId", "objectId", "objectGeneration", "eventTime")) {
			String value = request.header(name);
			if (value != null) {
				attributes.put(name, value);
			}
		}
		return new PubSubMessage(body, attributes, request.header(METADATA + "message-id"),
				request.header(METADATA + "publish-time"), request.header(METADATA + "ordering-key"),
				request.header(METADATA + "subscription-name"), attempt(request));
	}

	private static int attempt(DeliveryRequest request) {
		String attempt = request.header(METADATA + "delivery-attempt");
		return (attempt != null && attempt.matches("[0-9]{1,6}")) ? Integer.parseInt(attempt) : 0;
	}

}
