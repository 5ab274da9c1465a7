package dev.backgroundjobs.message;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * The fields of a JSON object, one after the other, each of the type that is asked for or
 * refused. What is read raw is the text that came. Used by one thread, once.
 */
final class JsonFields {

	// Without a table of names: it is shared by all messages, and each that brings a name
	// of its own, such as a key of a map, would copy up to megabytes of it.
	private static final JsonFactory JSON = JsonFactory.builder()
		.streamReadConstraints(MessageLimits.READ)
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
		.build();

	// A billion leaves room to count on.
	private static final int MAX_COUNT = 1_000_000_000;

	private final String text;

	private final JsonParser parser;

	JsonFields(String text) {
		this.text = text;
		this.parser = JSON.createParser(ObjectReadContext.empty(), text);
	}

	void begin() {
		if (this.parser.nextToken() != JsonToken.START_OBJECT) {
			throw new UnreadableMessageException("is not a JSON object");
		}
	}

	/** Enters a field that is an object; its fields are next. */
	void enter(String name) {
		expect(name, JsonToken.START_OBJECT);
	}

	@Nullable String next() {
		String name = this.parser.nextName();
		if (name != null) {
			this.parser.nextToken();
		}
		return name;
	}

	void end() {
		if (this.parser.currentToken() != JsonToken.END_OBJECT || this.parser.nextToken() != null) {
			throw new UnreadableMessageException("goes on after its end");
		}
	}

	String raw() {
		long start = this.parser.currentTokenLocation().getCharOffset();
		this.parser.skipChildren();
		this.parser.finishToken();
		long end = this.parser.currentLocation().getCharOffset();
		return this.text.substring((int) start, (int) end);
	}

	/** Reads what is not {@code null}, which counts as absent. */
	@Nullable String rawValue() {
		return (this.parser.currentToken() == JsonToken.VALUE_NULL) ? null : raw();
	}

	String array(String name) {
		expect(name, JsonToken.START_ARRAY);
		return raw();
	}

	List<String> rawValues(String name) {
		expect(name, JsonToken.START_ARRAY);
		List<String> values = new ArrayList<>();
		while (this.parser.nextToken() != JsonToken.END_ARRAY) {
			values.add(raw());
		}
		return values;
	}

	List<String> strings(String name) {
		expect(name, JsonToken.START_ARRAY);
		List<String> values = new ArrayList<>();
		while (this.parser.nextToken() != JsonToken.END_ARRAY) {
			values.add(string(name));
		}
		return values;
	}

	Map<String, String> stringFields(String name) {
		enter(name);
		Map<String, String> values = new LinkedHashMap<>();
		String key;
		while ((key = next()) != null) {
			values.put(key, string(name));
		}
		return values;
	}

	boolean isString() {
		return this.parser.currentToken() == JsonToken.VALUE_STRING;
	}

	void skip() {
		this.parser.skipChildren();
	}

	String string(String name) {
		expect(name, JsonToken.VALUE_STRING);
		return this.parser.getString();
	}

	int number(String name, int min) {
		return number(name, min, MAX_COUNT);
	}

	int number(String name, int min, int max) {
		return (int) longNumber(name, min, max);
	}

	long longNumber(String name, long min, long max) {
		expect(name, JsonToken.VALUE_NUMBER_INT);
		JsonParser.NumberType type = this.parser.getNumberType();
		if (type == JsonParser.NumberType.BIG_INTEGER) {
			throw wrong(name);
		}
		long value = this.parser.getLongValue();
		if (value < min || value > max) {
			throw wrong(name);
		}
		return value;
	}

	boolean bool(String name) {
		JsonToken token = this.parser.currentToken();
		if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
			throw wrong(name);
		}
		return token == JsonToken.VALUE_TRUE;
	}

	Instant time(String name) {
		Instant time = WireTime.parse(string(name));
		if (time == null) {
			throw wrong(name);
		}
		return time;
	}

	private void expect(String name, JsonToken token) {
		if (this.parser.currentToken() != token) {
			throw wrong(name);
		}
	}

	static UnreadableMessageException wrong(String name) {
		return new UnreadableMessageException("has a field '" + name + "' of the wrong type or value");
	}

}
