package dev.backgroundjobs.delivery;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.backgroundjobs.event.CloudEventJson;
import dev.backgroundjobs.event.EventJson;
import dev.backgroundjobs.message.UnreadableMessageException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Reads events as the HTTP binding of CloudEvents 1.0 sends them, one in a request:
 * structured, all in a JSON body, or binary, with attributes in headers.
 */
public final class CloudEventDecoder implements DeliveryDecoder {

	private static final String STRUCTURED = "application/cloudevents+json";

	private static final String PREFIX = "ce-";

	@Override
	public int maxBytes(DeliveryRequest request) {
		return (isStructured(request) || isBinary(request)) ? EventJson.MAX_BYTES : 0;
	}

	@Override
	public @Nullable DecodedRequest decode(DeliveryRequest request, byte[] body, boolean isTrusted) {
		if (!isTrusted) {
			return null;
		}
		CloudEvent event;
		if (isStructured(request)) {
			event = CloudEventJson.read(EventJson.object(body));
		}
		else if (isBinary(request)) {
			event = binary(request, body);
		}
		else {
			return null;
		}
		return new DecodedRequest(List.of(Delivery.pushed(body, true, 0, null).of(event)), DeliveryResponder.plain());
	}

	private static boolean isStructured(DeliveryRequest request) {
		String type = request.header("Content-Type");
		return type != null && type.split(";", 2)[0].strip().equalsIgnoreCase(STRUCTURED);
	}

	private static boolean isBinary(DeliveryRequest request) {
		return request.header("ce-specversion") != null;
	}

	private static CloudEvent binary(DeliveryRequest request, byte[] body) {
		if (!"1.0".equals(request.header("ce-specversion"))) {
			throw new UnreadableMessageException("is no CloudEvent of version 1.0");
		}
		return CloudEventJson.build(() -> {
			CloudEventBuilder event = CloudEventBuilder.v1()
				.withId(required(request, "id"))
				.withSource(URI.create(required(request, "source")))
				.withType(required(request, "type"));
			for (Map.Entry<String, String> header : request.headers().entrySet()) {
				String name = header.getKey().toLowerCase(Locale.ROOT);
				if (name.startsWith(PREFIX)) {
					readHeader(event, name.substring(PREFIX.length()), decode(header.getValue()));
				}
			}
			String contentType = request.header("Content-Type");
			if (contentType != null) {
				event.withDataContentType(contentType);
			}
			return ((body.length > 0) ? event.withData(body) : event).build();
		});
	}

	private static void readHeader(CloudEventBuilder event, String name, String value) {
		switch (name) {
			case "subject", "time", "dataschema" -> event.withContextAttribute(name, value);
			case "id", "source", "type", "specversion", "datacontenttype" -> {
			}
			default -> event.withExtension(name, value);
		}
	}

	private static String required(DeliveryRequest request, String name) {
		String value = request.header(PREFIX + name);
		if (value == null || value.isBlank()) {
			throw new UnreadableMessageException("lacks the header 'ce-" + name + "' of a CloudEvent");
		}
		return decode(value);
	}

	// The binding encodes what a header cannot carry; not every sender does.
	private static String decode(String value) {
		if (value.indexOf('%') < 0) {
			return value;
		}
		try {
			return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return value;
		}
	}

}
