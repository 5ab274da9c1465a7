package dev.backgroundjobs.docs;

import java.util.Base64;
import java.util.List;

import dev.backgroundjobs.delivery.DecodedRequest;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryDecoder;
import dev.backgroundjobs.delivery.DeliveryRequest;
import dev.backgroundjobs.delivery.DeliveryResponder;
import dev.backgroundjobs.message.UnreadableMessageException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

@Component
class CourierDecoder implements DeliveryDecoder {

	private final JsonMapper json = JsonMapper.builder().build();

	@Override
	public @Nullable DecodedRequest decode(DeliveryRequest request, byte[] body, boolean isTrusted) {
		if (!isTrusted || request.header("Courier-Parcel") == null) {
			return null; // not ours, or from somebody we do not read anything of
		}
		try {
			Parcel parcel = this.json.readValue(body, Parcel.class);
			byte[] message = Base64.getDecoder().decode(parcel.content());
			Delivery delivery = Delivery.pushed(message, true, parcel.attempt() - 1, null);
			return new DecodedRequest(List.of(delivery), DeliveryResponder.plain());
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw new UnreadableMessageException("is no parcel");
		}
	}

	record Parcel(String content, int attempt) {
	}

}
