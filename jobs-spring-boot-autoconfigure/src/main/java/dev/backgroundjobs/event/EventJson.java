package dev.backgroundjobs.event;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import dev.backgroundjobs.message.MessageLimits;
import dev.backgroundjobs.message.UnreadableMessageException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON in which platforms tell of events, within limits: those of a message, but for
 * the length of the whole and of a string, since data travels in one. Numbers stay as
 * they are written. Safe for use by several threads.
 */
public final class EventJson {

	/**
	 * Largest request in bytes: Pub/Sub takes 10 MB of data, of which its base64 is a
	 * third longer.
	 */
	public static final int MAX_BYTES = 14_000_000;

	// SQS gives Lambda up to 10,000 messages at once, of up to ten attributes each.
	private static final int MAX_BATCH_TOKENS = 2_000_000;

	static final JsonMapper MAPPER = mapper(MessageLimits.MAX_TOKENS);

	private static final JsonMapper BATCH_MAPPER = mapper(MAX_BATCH_TOKENS);

	private EventJson() {
	}

	private static JsonMapper mapper(int maxTokens) {
		return JsonMapper
			.builder(JsonFactory.builder()
				.streamReadConstraints(StreamReadConstraints.builder()
					.maxDocumentLength(MAX_BYTES)
					.maxStringLength(MAX_BYTES)
					.maxNestingDepth(MessageLimits.MAX_DEPTH)
					.maxTokenCount(maxTokens)
					.maxNameLength(MessageLimits.MAX_NAME_LENGTH)
					.maxNumberLength(MessageLimits.MAX_NUMBER_LENGTH)
					.build())
				.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
				// Without a table of names, for the reason in JsonFields.
				.disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
				.build())
			.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
			.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
			.build();
	}

	/**
	 * Read a JSON object.
	 * @param bytes its UTF-8 text
	 * @return the object
	 * @throws UnreadableMessageException when it is none, or beyond the limits
	 */
	public static ObjectNode object(byte[] bytes) {
		String text = text(bytes);
		if (text != null && value(text) instanceof ObjectNode object) {
			return object;
		}
		throw new UnreadableMessageException("is not a JSON object within the limits");
	}

	/**
	 * Start a JSON object.
	 * @return an empty object
	 */
	public static ObjectNode object() {
		return MAPPER.createObjectNode();
	}

	/**
	 * Return a field that is text.
	 * @param object the object, or {@code null}
	 * @param name the field's name
	 * @return the text, or {@code null} when the field is something else or not there
	 */
	public static @Nullable String string(@Nullable JsonNode object, String name) {
		JsonNode field = (object != null) ? object.get(name) : null;
		return (field != null && field.isString()) ? field.stringValue() : null;
	}

	/**
	 * Return what a text says as JSON.
	 * @param text the text
	 * @return one value, or {@code null} when it says something else
	 */
	public static @Nullable JsonNode value(String text) {
		return value(text, MAPPER);
	}

	/**
	 * Return what a text says as JSON, where a platform that is trusted has put thousands
	 * of messages into it.
	 * @param text the text
	 * @return one value, or {@code null} when it says something else
	 */
	public static @Nullable JsonNode batch(String text) {
		return value(text, BATCH_MAPPER);
	}

	private static @Nullable JsonNode value(String text, JsonMapper mapper) {
		try {
			JsonNode value = mapper.readTree(text);
			return value.isMissingNode() ? null : value;
		}
		// Of a number with an exponent beyond all bounds it is an arithmetic one.
		catch (JacksonException | ArithmeticException | NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * Return bytes as text.
	 * @param bytes the bytes
	 * @return the text, or {@code null} when they are not UTF-8
	 */
	static @Nullable String text(byte[] bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

}
