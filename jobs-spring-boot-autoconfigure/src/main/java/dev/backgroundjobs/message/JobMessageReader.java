package dev.backgroundjobs.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a {@link JobMessage} from JSON. Arguments and unknown fields are kept as the text
 * that came. Used by one thread, once.
 */
final class JobMessageReader {

	// Without a table of names: it is shared by all messages, and each that brings a name
	// of its own, such as a key of a map, would copy up to megabytes of it.
	private static final JsonFactory JSON = JsonFactory.builder()
		.streamReadConstraints(MessageLimits.READ)
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
		.build();

	private static final char BYTE_ORDER_MARK = '\uFEFF';

	private final String text;

	private final JsonParser parser;

	private int v;

	private @Nullable String id;

	private int seq = -1;

	private @Nullable String job;

	private @Nullable String queue;

	private int unknown;

	private JobMessageReader(String text) {
		this.text = text;
		this.parser = JSON.createParser(ObjectReadContext.empty(), text);
	}

	static JobMessage read(byte[] bytes) {
		if (bytes.length > MessageLimits.MAX_BYTES) {
			throw new UnreadableMessageException(
					"has " + bytes.length + " bytes, more than " + MessageLimits.MAX_BYTES);
		}
		String text = text(bytes);
		try {
			return new JobMessageReader(text).readMessage();
		}
		catch (UnreadableMessageException ex) {
			JobMessage newer = newerVersion(text);
			if (newer != null) {
				return newer;
			}
			throw ex;
		}
		catch (StreamConstraintsException ex) {
			throw new UnreadableMessageException("is beyond a limit of docs/message-format.md: "
					+ "depth, tokens, or the length of a string, number or name");
		}
		catch (JacksonException ex) {
			throw new UnreadableMessageException("is not JSON, has a field twice, or goes on after its end");
		}
	}

	// Strictly: Jackson would take spellings of UTF-8 that are not allowed, which would
	// read as other characters, and other encodings besides.
	private static String text(byte[] bytes) {
		int ascii = 0;
		while (ascii < bytes.length && bytes[ascii] >= 0) {
			ascii++;
		}
		if (ascii == bytes.length) {
			return new String(bytes, StandardCharsets.US_ASCII);
		}
		try {
			String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
			return (text.charAt(0) == BYTE_ORDER_MARK) ? text.substring(1) : text;
		}
		catch (CharacterCodingException ex) {
			throw new UnreadableMessageException("is not JSON in UTF-8");
		}
	}

	// A newer version is kept as it is: its fields may mean something else.
	private static @Nullable JobMessage newerVersion(String text) {
		try {
			return new JobMessageReader(text).readNewer();
		}
		catch (UnreadableMessageException | JacksonException ex) {
			return null;
		}
	}

	private JobMessage readMessage() {
		String args = null;
		Instant enqueuedAt = null;
		int attempt = 0;
		Instant runAt = null;
		Instant expiresAt = null;
		int priority = 0;
		int interruptions = 0;
		boolean relay = false;
		JobError error = null;
		Map<String, String> headers = Map.of();
		Map<String, String> extra = Map.of();
		begin();
		String name;
		while ((name = nextField()) != null) {
			switch (name) {
				case "args" -> args = array(name);
				case "attempt" -> attempt = number(name, 1);
				case "enqueuedAt" -> enqueuedAt = time(name);
				case "runAt" -> runAt = time(name);
				case "expiresAt" -> expiresAt = time(name);
				case "priority" -> priority = number(name, Integer.MIN_VALUE, Integer.MAX_VALUE);
				case "interruptions" -> interruptions = number(name, 0);
				case "relay" -> relay = bool(name);
				case "error" -> error = error(name);
				case "headers" -> headers = strings(name);
				default -> {
					if (!readKey(name)) {
						extra = extra.isEmpty() ? new LinkedHashMap<>() : extra;
						extra.put(name, raw());
					}
				}
			}
		}
		end();
		if (this.v != JobMessage.VERSION) {
			throw new UnreadableMessageException("has a version that is not " + JobMessage.VERSION);
		}
		JobMessageBuilder builder = new JobMessageBuilder(this.v, required("id", this.id), required("job", this.job),
				required("queue", this.queue), required("args", args), required("enqueuedAt", enqueuedAt))
			.seq(requiredSeq())
			.attempt(required("attempt", (attempt > 0) ? attempt : null))
			.runAt(runAt)
			.expiresAt(expiresAt)
			.priority(priority)
			.interruptions(interruptions)
			.unknown(this.unknown)
			.relay(relay)
			.error(error)
			.headers(headers);
		extra.forEach(builder::extra);
		return builder.build();
	}

	private @Nullable JobMessage readNewer() {
		Map<String, String> extra = new LinkedHashMap<>();
		Instant enqueuedAt = Instant.EPOCH;
		begin();
		String name;
		while ((name = nextField()) != null) {
			if (!readKey(name)) {
				String raw = raw();
				extra.put(name, raw);
				if (name.equals("enqueuedAt") && raw.length() > 2) {
					Instant time = WireTime.parse(raw.substring(1, raw.length() - 1));
					enqueuedAt = (time != null) ? time : enqueuedAt;
				}
			}
		}
		end();
		if (this.v <= JobMessage.VERSION) {
			return null;
		}
		JobMessageBuilder builder = new JobMessageBuilder(this.v, required("id", this.id), required("job", this.job),
				required("queue", this.queue), "[]", enqueuedAt)
			.seq(requiredSeq())
			.unknown(this.unknown);
		extra.forEach(builder::extra);
		return builder.build();
	}

	/** Reads the fields that every version has. */
	private boolean readKey(String name) {
		switch (name) {
			case "v" -> this.v = number(name, 1);
			case "id" -> this.id = checked(name, string(name), MessageNames.isId(string(name)));
			case "seq" -> this.seq = number(name, 0);
			case "job" -> this.job = checked(name, string(name), MessageNames.isJob(string(name)));
			case "queue" -> this.queue = checked(name, string(name), MessageNames.isQueue(string(name)));
			case "unknown" -> this.unknown = number(name, 0);
			default -> {
				return false;
			}
		}
		return true;
	}

	private void begin() {
		if (this.parser.nextToken() != JsonToken.START_OBJECT) {
			throw new UnreadableMessageException("is not a JSON object");
		}
	}

	private @Nullable String nextField() {
		String name = this.parser.nextName();
		if (name != null) {
			this.parser.nextToken();
		}
		return name;
	}

	private void end() {
		if (this.parser.currentToken() != JsonToken.END_OBJECT || this.parser.nextToken() != null) {
			throw new UnreadableMessageException("goes on after its end");
		}
	}

	private String raw() {
		long start = this.parser.currentTokenLocation().getCharOffset();
		this.parser.skipChildren();
		this.parser.finishToken();
		long end = this.parser.currentLocation().getCharOffset();
		return this.text.substring((int) start, (int) end);
	}

	private String array(String name) {
		expect(name, JsonToken.START_ARRAY);
		return raw();
	}

	private String string(String name) {
		expect(name, JsonToken.VALUE_STRING);
		return this.parser.getString();
	}

	// A billion leaves room to count on.
	private int number(String name, int min) {
		return number(name, min, 1_000_000_000);
	}

	private int number(String name, int min, int max) {
		expect(name, JsonToken.VALUE_NUMBER_INT);
		long value = (this.parser.getNumberType() == JsonParser.NumberType.INT) ? this.parser.getIntValue()
				: Long.MAX_VALUE;
		if (value < min || value > max) {
			throw wrong(name);
		}
		return (int) value;
	}

	private boolean bool(String name) {
		JsonToken token = this.parser.currentToken();
		if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
			throw wrong(name);
		}
		return token == JsonToken.VALUE_TRUE;
	}

	private Instant time(String name) {
		Instant time = WireTime.parse(string(name));
		if (time == null) {
			throw wrong(name);
		}
		return time;
	}

	private JobError error(String name) {
		expect(name, JsonToken.START_OBJECT);
		String type = "";
		String message = "";
		String key;
		while ((key = nextField()) != null) {
			if (this.parser.currentToken() == JsonToken.VALUE_STRING && key.equals("type")) {
				type = this.parser.getString();
			}
			else if (this.parser.currentToken() == JsonToken.VALUE_STRING && key.equals("message")) {
				message = this.parser.getString();
			}
			this.parser.skipChildren();
		}
		return new JobError(type, message);
	}

	private Map<String, String> strings(String name) {
		expect(name, JsonToken.START_OBJECT);
		Map<String, String> values = new LinkedHashMap<>();
		String key;
		while ((key = nextField()) != null) {
			values.put(key, string(name));
		}
		return values;
	}

	private void expect(String name, JsonToken token) {
		if (this.parser.currentToken() != token) {
			throw wrong(name);
		}
	}

	private static <T> T checked(String name, T value, boolean valid) {
		if (!valid) {
			throw wrong(name);
		}
		return value;
	}

	private static <T> T required(String name, @Nullable T value) {
		if (value == null) {
			throw new UnreadableMessageException("lacks the field '" + name + "'");
		}
		return value;
	}

	private int requiredSeq() {
		return required("seq", (this.seq >= 0) ? this.seq : null);
	}

	private static UnreadableMessageException wrong(String name) {
		return new UnreadableMessageException("has a field '" + name + "' of the wrong type or value");
	}

}
