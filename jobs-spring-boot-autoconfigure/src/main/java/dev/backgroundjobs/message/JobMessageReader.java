package dev.backgroundjobs.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.backgroundjobs.ParallelPart;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * Reads a {@link JobMessage} from JSON. Arguments and unknown fields are kept as the text
 * that came. Used by one thread, once.
 */
final class JobMessageReader {

	private static final char BYTE_ORDER_MARK = '\uFEFF';

	private final JsonFields fields;

	private int v;

	private @Nullable String id;

	private int seq = -1;

	private @Nullable String job;

	private @Nullable String queue;

	private int unknown;

	private JobMessageReader(String text) {
		this.fields = new JsonFields(text);
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
		String group = null;
		int interruptions = 0;
		boolean relay = false;
		JobError error = null;
		IterationState iteration = null;
		ParallelPart parallel = null;
		Map<String, String> headers = Map.of();
		Map<String, String> extra = Map.of();
		this.fields.begin();
		String name;
		while ((name = this.fields.next()) != null) {
			switch (name) {
				case "args" -> args = this.fields.array(name);
				case "attempt" -> attempt = this.fields.number(name, 1);
				case "enqueuedAt" -> enqueuedAt = this.fields.time(name);
				case "runAt" -> runAt = this.fields.time(name);
				case "expiresAt" -> expiresAt = this.fields.time(name);
				case "priority" -> priority = this.fields.number(name, Integer.MIN_VALUE, Integer.MAX_VALUE);
				case "group" ->
					group = checked(name, this.fields.string(name), MessageNames.isGroup(this.fields.string(name)));
				case "interruptions" -> interruptions = this.fields.number(name, 0);
				case "relay" -> relay = this.fields.bool(name);
				case "iteration" -> iteration = IterationStateJson.read(this.fields, name);
				case "parallel" -> parallel = IterationStateJson.readPart(this.fields, name);
				case "error" -> error = error(name);
				case "headers" -> headers = this.fields.stringFields(name);
				default -> {
					if (!readKey(name)) {
						extra = extra.isEmpty() ? new LinkedHashMap<>() : extra;
						extra.put(name, this.fields.raw());
					}
				}
			}
		}
		this.fields.end();
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
			.group(group)
			.interruptions(interruptions)
			.unknown(this.unknown)
			.relay(relay)
			.iteration(iteration)
			.parallel(parallel)
			.error(error)
			.headers(headers);
		extra.forEach(builder::extra);
		return builder.build();
	}

	private @Nullable JobMessage readNewer() {
		Map<String, String> extra = new LinkedHashMap<>();
		Instant enqueuedAt = Instant.EPOCH;
		this.fields.begin();
		String name;
		while ((name = this.fields.next()) != null) {
			if (!readKey(name)) {
				String raw = this.fields.raw();
				extra.put(name, raw);
				if (name.equals("enqueuedAt") && raw.length() > 2) {
					Instant time = WireTime.parse(raw.substring(1, raw.length() - 1));
					enqueuedAt = (time != null) ? time : enqueuedAt;
				}
			}
		}
		this.fields.end();
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
			case "v" -> this.v = this.fields.number(name, 1);
			case "id" -> this.id = checked(name, this.fields.string(name), MessageNames.isId(this.fields.string(name)));
			case "seq" -> this.seq = this.fields.number(name, 0);
			case "job" ->
				this.job = checked(name, this.fields.string(name), MessageNames.isJob(this.fields.string(name)));
			case "queue" ->
				this.queue = checked(name, this.fields.string(name), MessageNames.isQueue(this.fields.string(name)));
			case "unknown" -> this.unknown = this.fields.number(name, 0);
			default -> {
				return false;
			}
		}
		return true;
	}

	private JobError error(String name) {
		this.fields.enter(name);
		String type = "";
		String message = "";
		String key;
		while ((key = this.fields.next()) != null) {
			if (this.fields.isString() && key.equals("type")) {
				type = this.fields.string(key);
			}
			else if (this.fields.isString() && key.equals("message")) {
				message = this.fields.string(key);
			}
			this.fields.skip();
		}
		return new JobError(type, message);
	}

	private static <T> T checked(String name, T value, boolean valid) {
		if (!valid) {
			throw JsonFields.wrong(name);
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

}
