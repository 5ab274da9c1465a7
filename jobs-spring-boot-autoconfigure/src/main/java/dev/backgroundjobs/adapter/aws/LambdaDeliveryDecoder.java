package dev.backgroundjobs.adapter.aws;

import java.time.Clock;

import org.jspecify.annotations.Nullable;

import dev.backgroundjobs.delivery.DecodedRequest;
import dev.backgroundjobs.delivery.DeliveryDecoder;
import dev.backgroundjobs.delivery.DeliveryRequest;

/**
 * Reads the events that Lambda Web Adapter passes on: whatever Lambda is invoked with, as
 * JSON.
 */
final class LambdaDeliveryDecoder implements DeliveryDecoder {

	private final LambdaEvents events;

	private final Clock clock;

	LambdaDeliveryDecoder(LambdaEvents events, Clock clock) {
		this.events = events;
		this.clock = clock;
	}

	@Override
	public int maxBytes(DeliveryRequest request) {
		return LambdaContext.isEvent(request) ? LambdaEvents.MAX_BYTES : 0;
	}

	@Override
	public @Nullable DecodedRequest decode(DeliveryRequest request, byte[] body, boolean isTrusted) {
		if (!isTrusted || !LambdaContext.isEvent(request)) {
			return null;
		}
		return this.events.decode(body, LambdaContext.deadline(request, this.clock));
	}

}
