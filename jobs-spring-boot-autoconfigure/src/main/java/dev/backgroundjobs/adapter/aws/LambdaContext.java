package dev.backgroundjobs.adapter.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import dev.backgroundjobs.delivery.DeliveryRequest;
import dev.backgroundjobs.event.EventJson;

/**
 * What Lambda Web Adapter says of an invocation in the headers it adds to a request. It
 * overwrites what a caller sends under these names, so that behind it they can be
 * believed; elsewhere anybody can send them.
 */
final class LambdaContext {

	static final String INVOCATION = "x-amzn-lambda-context";

	static final String REQUEST = "x-amzn-request-context";

	// Lambda's own limit is 15 min, that of its managed instances 90 min.
	private static final Duration MAX_TIME = Duration.ofMinutes(90);

	private LambdaContext() {
	}

	/**
	 * Return whether a request is an invocation with an event, and not an HTTP request
	 * that a function URL, an API or a load balancer has forwarded: of those the adapter
	 * describes the request.
	 */
	static boolean isEvent(DeliveryRequest request) {
		boolean isInvocation = !request.headers(INVOCATION).isEmpty()
				&& request.headers(INVOCATION).stream().allMatch(LambdaContext::isInvocation);
		// The adapter writes both, so that what lacks one did not come by way of it.
		return isInvocation && !request.headers(REQUEST).isEmpty()
				&& request.headers(REQUEST).stream().allMatch(LambdaContext::describesNoRequest);
	}

	private static boolean isInvocation(String text) {
		JsonNode value = EventJson.value(text);
		return value != null && value.isObject() && !value.isEmpty();
	}

	private static boolean describesNoRequest(String text) {
		if (text.isBlank()) {
			return true;
		}
		JsonNode value = EventJson.value(text);
		return value != null && !value.isArray() && value.isEmpty();
	}

	/**
	 * Return when Lambda ends the invocation.
	 * @return the time, or {@code null} when the adapter does not say
	 */
	static @Nullable Instant deadline(DeliveryRequest request, Clock clock) {
		String text = request.header(INVOCATION);
		JsonNode context = (text != null) ? EventJson.value(text) : null;
		if (context == null) {
			return null;
		}
		// The adapter's guide has the one, its source the other; both are milliseconds.
		JsonNode millis = context.hasNonNull("deadline") ? context.get("deadline") : context.path("deadline_ms");
		if (!millis.isIntegralNumber() || !millis.canConvertToLong()) {
			return null;
		}
		Instant now = clock.instant();
		Instant deadline = Instant.ofEpochMilli(millis.longValue());
		return deadline.isAfter(now.plus(MAX_TIME)) ? null : deadline.isBefore(now) ? now : deadline;
	}

}
