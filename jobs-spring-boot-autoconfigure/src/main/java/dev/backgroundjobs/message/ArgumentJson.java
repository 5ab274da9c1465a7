package dev.backgroundjobs.message;

import java.io.StringWriter;
import java.util.function.Consumer;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON array of a call's arguments, written and opened within the limits of
 * {@link MessageLimits}.
 */
final class ArgumentJson {

	private static final JsonFactory FACTORY = JsonFactory.builder()
		.streamReadConstraints(MessageLimits.READ)
		.streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(MessageLimits.MAX_DEPTH - 1).build())
		.enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
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
		String result = text.toString();
		if (result.length() > SURELY_WITHIN_LIMITS) {
			checkLimits(job, result);
		}
		return result;
	}

	static JsonParser parser(JsonMapper mapper, String json) {
		return FACTORY.createParser(mapper._deserializationContext(), json);
	}

	// What no reader would accept is refused here, where the caller can act on it.
	private static void checkLimits(String job, String json) {
		try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
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
