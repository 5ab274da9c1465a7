package dev.backgroundjobs.message;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes a {@link JobMessage} as JSON.
 */
final class JobMessageWriter {

	private static final JsonFactory JSON = new JsonFactory();

	private JobMessageWriter() {
	}

	static byte[] write(JobMessage message) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + message.args().length());
		try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
			json.writeStartObject();
			json.writeNumberProperty("v", message.v());
			json.writeStringProperty("id", message.id());
			json.writeNumberProperty("seq", message.seq());
			json.writeStringProperty("job", message.job());
			json.writeStringProperty("queue", message.queue());
			if (message.isKnownVersion()) {
				writeKnown(json, message);
			}
			writeCount(json, "unknown", message.unknown());
			for (Map.Entry<String, String> field : message.extra().entrySet()) {
				json.writeName(field.getKey());
				json.writeRawValue(field.getValue());
			}
			json.writeEndObject();
		}
		return bytes.toByteArray();
	}

	private static void writeKnown(JsonGenerator json, JobMessage message) {
		json.writeName("args");
		json.writeRawValue(message.args());
		json.writeNumberProperty("attempt", message.attempt());
		writeTime(json, "enqueuedAt", message.enqueuedAt());
		writeTime(json, "runAt", message.runAt());
		writeTime(json, "expiresAt", message.expiresAt());
		writeCount(json, "priority", message.priority());
		String group = message.group();
		if (group != null) {
			json.writeStringProperty("group", group);
		}
		writeCount(json, "interruptions", message.interruptions());
		if (message.relay()) {
			json.writeBooleanProperty("relay", true);
		}
		IterationStateJson.writePart(json, "parallel", message.parallel());
		IterationStateJson.write(json, "iteration", message.iteration());
		JobError error = message.error();
		if (error != null) {
			json.writeName("error");
			json.writeStartObject();
			json.writeStringProperty("type", error.type());
			json.writeStringProperty("message", error.message());
			json.writeEndObject();
		}
		if (!message.headers().isEmpty()) {
			json.writeName("headers");
			json.writeStartObject();
			for (Map.Entry<String, String> header : message.headers().entrySet()) {
				json.writeStringProperty(header.getKey(), header.getValue());
			}
			json.writeEndObject();
		}
	}

	private static void writeCount(JsonGenerator json, String name, int value) {
		if (value != 0) {
			json.writeNumberProperty(name, value);
		}
	}

	private static void writeTime(JsonGenerator json, String name, @Nullable Instant time) {
		if (time != null) {
			json.writeStringProperty(name, WireTime.format(time));
		}
	}

}
