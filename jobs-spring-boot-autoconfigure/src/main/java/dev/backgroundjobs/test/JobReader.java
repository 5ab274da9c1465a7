package dev.backgroundjobs.test;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import dev.backgroundjobs.JobMethod;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.message.ArgumentBinding;
import dev.backgroundjobs.message.ArgumentCodec;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads messages for a person who tests: names as they are declared, arguments in their
 * types.
 */
final class JobReader {

	private static final TypeReference<List<@Nullable Object>> VALUES = new TypeReference<>() {
	};

	private final ArgumentCodec arguments;

	private final Supplier<JobDefinitions> definitions;

	JobReader(ArgumentCodec arguments, Supplier<JobDefinitions> definitions) {
		this.arguments = arguments;
		this.definitions = definitions;
	}

	String name(JobMethod method) {
		return this.definitions.get().get(method).name();
	}

	String name(String nameOrAlias) {
		JobDefinition definition = this.definitions.get().find(nameOrAlias);
		return (definition != null) ? definition.name() : nameOrAlias;
	}

	// A job of another service is delivered there.
	boolean isDeclared(JobMessage message) {
		return this.definitions.get().find(message.job()) != null;
	}

	List<RecordedJob> read(List<JobMessage> messages) {
		return messages.stream().map(this::read).toList();
	}

	RecordedJob read(JobMessage message) {
		JobDefinition definition = this.definitions.get().find(message.job());
		if (definition == null) {
			List<@Nullable Object> values = JsonMapper.shared().readValue(message.args(), VALUES);
			return new RecordedJob(message, Collections.unmodifiableList(values),
					(expected) -> isSame(message.args(), this.arguments.write(message.job(), expected)));
		}
		ArgumentBinding binding = this.arguments.binding(definition.name(), definition.beanType(), definition.method());
		List<@Nullable Object> values = Collections.unmodifiableList(Arrays.asList(binding.read(message.args())));
		return new RecordedJob(message, values, (expected) -> Objects.deepEquals(values.toArray(), expected.toArray())
				|| isSame(message.args(), binding.write(expected)));
	}

	// A class need not have equals() to be an argument.
	private static boolean isSame(String args, String expected) {
		return JsonMapper.shared().readTree(args).equals(JsonMapper.shared().readTree(expected));
	}

}
