package dev.backgroundjobs.message;

import java.io.StringWriter;
import java.util.function.Consumer;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON array of a call's arguments, written and opened within the limits of
 * {@link MessageLimits}.
 */
final class ArgumentJson {

	// Without tables of names, for the reason in JobMessageReader.
	private static final JsonFactory FACTORY = JsonFactory.builder()
		.streamReadConstraints(MessageLimits.READ)
		.streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(MessageLimits.MAX_DEPTH - 1).build())
		.enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
		.disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
		.build();

	private static final JsonFactory CHECKS = JsonFactory.builder()
		.streamReadConstraints(MessageLimits.READ_ARGUMENTS)
		.disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
		.build();

	// Shorter text can pass no limit: neither on tokens nor on the length of anything.
	private static final int SURELY_WITHIN_LIMITS = MessageLimits.MAX_NUMBER_LENGTH;

	private ArgumentJson() {
	}

	static String write(JsonMapper mapper, String job, Consumer<JsonGenerator> arguments) {
		StringWriter text = new StringWriter(128);
		try (JsonGenerator json = FACTORY.createGenerator(mapper._serializationContext(), text)) {
			json.writeStartArray();
			arguments.accept(json);
			json.writeEndArray();
		}
		String result = withEscapedHalves(text.toString());
		if (result.length() > SURELY_WITHIN_LIMITS) {
			checkLimits(job, result);
		}
		return result;
	}

	// Half a character, such as an emoji cut in two, has no bytes in UTF-8: only an
	// escape.
	private static String withEscapedHalves(String json) {
		StringBuilder escaped = null;
		for (int i = 0; i < json.length(); i++) {
			char c = json.charAt(i);
			boolean surrogate = Character.isSurrogate(c);
			boolean pair = surrogate && i + 1 < json.length() && Character.isSurrogatePair(c, json.charAt(i + 1));
			if (surrogate && !pair && escaped == null) {
				escaped = new StringBuilder(json.length() + 16).append(json, 0, i);
			}
			if (escaped != null) {
				escaped.append((surrogate && !pair) ? String.format("\\u%04X", (int) c) : String.valueOf(c));
				if (pair) {
					escaped.append(json.charAt(i + 1));
				}
			}
			i += pair ? 1 : 0;
		}
		return (escaped != null) ? escaped.toString() : json;
	}

	static JsonParser parser(JsonMapper mapper, String json) {
		return FACTORY.createParser(mapper._deserializationContext(), json);
	}

	// What no reader would accept is refused here, where the caller can act on it.
	private static void checkLimits(String job, String json) {
		try (JsonParser parser = CHECKS.createParser(ObjectReadContext.empty(), json)) {
			while (parser.nextToken() != null) {
				if (parser.currentToken().isScalarValue()) {
					parser.getString();
				}
			}
		}
		catch (JacksonException ex) {
			throw new ArgumentException("The arguments of job '" + job + "' are beyond a limit of a message: at most "
					+ MessageLimits.MAX_BYTES + " bytes, " + MessageLimits.MAX_TOKENS + " JSON tokens, "
					+ MessageLimits.MAX_DEPTH + " levels, " + MessageLimits.MAX_STRING_LENGTH
					+ " characters in a string, " + MessageLimits.MAX_NUMBER_LENGTH
					+ " in a number. Store the data and send its id", ex);
		}
	}

}
