package dev.backgroundjobs.message;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.ParallelPart;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The fields of a message that belong to iterations, read and written.
 */
final class IterationStateJson {

	private IterationStateJson() {
	}

	static IterationState read(JsonFields fields, String field) {
		String step = null;
		List<String> completed = List.of();
		String cursor = null;
		String end = null;
		long processed = 0;
		Long total = null;
		int slices = 0;
		int interruptions = 0;
		long runtimeMillis = 0;
		long failed = 0;
		List<String> failedCursors = List.of();
		List<String> ranges = List.of();
		Map<String, String> extra = new LinkedHashMap<>();
		fields.enter(field);
		String name;
		while ((name = fields.next()) != null) {
			switch (name) {
				case "step" -> step = fields.string(name);
				case "completed" -> completed = fields.strings(name);
				case "cursor" -> cursor = fields.rawValue();
				case "end" -> end = fields.rawValue();
				case "processed" -> processed = fields.longNumber(name, 0, Long.MAX_VALUE);
				case "total" -> total = fields.longNumber(name, 0, Long.MAX_VALUE);
				case "slices" -> slices = fields.number(name, 0);
				case "interruptions" -> interruptions = fields.number(name, 0);
				case "runtimeMillis" -> runtimeMillis = fields.longNumber(name, 0, Long.MAX_VALUE);
				case "failed" -> failed = fields.longNumber(name, 0, Long.MAX_VALUE);
				case "failedCursors" -> failedCursors = fields.rawValues(name);
				case "ranges" -> ranges = fields.rawValues(name);
				default -> extra.put(name, fields.raw());
			}
		}
		return new IterationState(step, completed, cursor, end, processed, total, slices, interruptions, runtimeMillis,
				failed, failedCursors, ranges, extra);
	}

	static void write(JsonGenerator json, String field, @Nullable IterationState state) {
		if (state == null) {
			return;
		}
		json.writeName(field);
		json.writeStartObject();
		if (state.step() != null) {
			json.writeStringProperty("step", state.step());
		}
		if (!state.completed().isEmpty()) {
			json.writeName("completed");
			json.writeStartArray();
			state.completed().forEach(json::writeString);
			json.writeEndArray();
		}
		writeRaw(json, "cursor", state.cursor());
		writeRaw(json, "end", state.end());
		json.writeNumberProperty("processed", state.processed());
		if (state.total() != null) {
			json.writeNumberProperty("total", state.total());
		}
		json.writeNumberProperty("slices", state.slices());
		json.writeNumberProperty("interruptions", state.interruptions());
		json.writeNumberProperty("runtimeMillis", state.runtimeMillis());
		if (state.failed() > 0) {
			json.writeNumberProperty("failed", state.failed());
		}
		writeRaw(json, "failedCursors", state.failedCursors());
		writeRaw(json, "ranges", state.ranges());
		state.extra().forEach((name, value) -> writeRaw(json, name, value));
		json.writeEndObject();
	}

	static ParallelPart readPart(JsonFields fields, String field) {
		String parent = null;
		int index = -1;
		int count = 0;
		fields.enter(field);
		String name;
		while ((name = fields.next()) != null) {
			switch (name) {
				case "parent" -> parent = fields.string(name);
				case "index" -> index = fields.number(name, 0);
				case "count" -> count = fields.number(name, 1);
				default -> fields.skip();
			}
		}
		if (parent == null || !MessageNames.isId(parent) || index < 0 || index >= count) {
			throw JsonFields.wrong(field);
		}
		return new ParallelPart(parent, index, count);
	}

	static void writePart(JsonGenerator json, String field, @Nullable ParallelPart part) {
		if (part != null) {
			json.writeName(field);
			json.writeStartObject();
			json.writeStringProperty("parent", part.parent());
			json.writeNumberProperty("index", part.index());
			json.writeNumberProperty("count", part.count());
			json.writeEndObject();
		}
	}

	private static void writeRaw(JsonGenerator json, String name, @Nullable String value) {
		if (value != null) {
			json.writeName(name);
			json.writeRawValue(value);
		}
	}

	private static void writeRaw(JsonGenerator json, String name, List<String> values) {
		if (!values.isEmpty()) {
			json.writeName(name);
			json.writeStartArray();
			values.forEach(json::writeRawValue);
			json.writeEndArray();
		}
	}

}
