package dev.backgroundjobs.delivery;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import tools.jackson.databind.JsonNode;

import dev.backgroundjobs.event.EventJson;

/**
 * Tells messages from what others put on the same queue, where nothing but the content
 * says which it is.
 */
public final class MessageShape {

	private MessageShape() {
	}

	/**
	 * Return whether bytes look like one of our messages, in any of its forms. Whether
	 * they are one shows when they are read.
	 * @param bytes the bytes
	 * @return whether they do
	 */
	public static boolean isMessage(byte[] bytes) {
		String text = new String(bytes, StandardCharsets.UTF_8).strip();
		if (text.startsWith("{")) {
			JsonNode json = EventJson.value(text);
			return json != null && isMessage(json);
		}
		return isJose(text);
	}

	/**
	 * Return whether JSON looks like one of our messages.
	 * @param json the JSON
	 * @return whether it does
	 */
	public static boolean isMessage(JsonNode json) {
		return json.path("v").isInt() && json.path("id").isString() && json.path("seq").isInt()
				&& json.path("job").isString();
	}

	/**
	 * Return whether a text is a compact JWS or JWE.
	 * @param text the text
	 * @return whether it looks like one
	 */
	public static boolean isJose(String text) {
		String[] parts = text.split("\\.", 6);
		if (parts.length != 3 && parts.length != 5) {
			return false;
		}
		try {
			JsonNode header = EventJson
				.value(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8));
			return header != null && header.path("alg").isString();
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
