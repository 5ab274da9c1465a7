package dev.backgroundjobs.message;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;
import org.springframework.util.function.SingletonSupplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.deser.jdk.UntypedObjectDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the arguments of one job method are written as JSON and read back. Safe for use by
 * several threads.
 */
public final class ArgumentBinding {

	private final JsonMapper mapper;

	private final String job;

	private final List<Slot> slots;

	ArgumentBinding(JsonMapper mapper, String job, Class<?> beanType, Method method) {
		this.mapper = mapper;
		this.job = job;
		Parameter[] parameters = method.getParameters();
		Slot[] slots = new Slot[parameters.length];
		for (int i = 0; i < slots.length; i++) {
			JavaType type = mapper
				.constructType(GenericTypeResolver.resolveType(method.getGenericParameterTypes()[i], beanType));
			// The text "null" is null to Jackson, and 0 or false for a primitive.
			ObjectReader reader = type.isPrimitive()
					? mapper.readerFor(type).with(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
					: mapper.readerFor(type);
			boolean named = parameters[i].isNamePresent();
			// A writer is made with the first message, not when the application starts.
			slots[i] = new Slot(named ? "'" + parameters[i].getName() + "'" : String.valueOf(i + 1), named, type,
					SingletonSupplier.of(() -> mapper.writerFor(type)), reader, isPolymorphic(mapper, type));
		}
		this.slots = List.of(slots);
	}

	/**
	 * Check that every parameter can be read from JSON.
	 * @throws ArgumentException when one cannot
	 */
	public void check() {
		for (Slot slot : this.slots) {
			ValueDeserializer<Object> deserializer;
			try {
				deserializer = this.mapper._deserializationContext().findRootValueDeserializer(slot.type);
			}
			catch (DatabindException ex) {
				throw new ArgumentException(describe(slot) + " cannot be read from JSON: " + ex.getOriginalMessage(),
						ex);
			}
			boolean instantiable = !(deserializer instanceof BeanDeserializerBase bean)
					|| bean.getValueInstantiator().canInstantiate();
			boolean untyped = deserializer instanceof UntypedObjectDeserializer;
			if (untyped || !instantiable || deserializer.getClass().getSimpleName().equals("AbstractDeserializer")) {
				throw ArgumentErrors.notReadable(describe(slot), slot.isNamed, slot.type.getRawClass());
			}
		}
	}

	/**
	 * Write arguments.
	 * @param arguments the arguments, one for each parameter
	 * @return the text of a JSON array
	 * @throws ArgumentException when there are more or fewer, or one cannot travel
	 */
	public String write(List<@Nullable Object> arguments) {
		if (arguments.size() != this.slots.size()) {
			throw new ArgumentException(signature() + ", not " + arguments.size(), null);
		}
		return ArgumentJson.write(this.mapper, this.job, (json) -> {
			for (int i = 0; i < arguments.size(); i++) {
				Slot slot = this.slots.get(i);
				Object argument = arguments.get(i);
				checkRuntimeType(slot, argument);
				try {
					slot.writer.obtain().writeValue(json, argument);
				}
				catch (JacksonException ex) {
					throw ArgumentErrors.notWritten(describe(slot), ex);
				}
			}
		});
	}

	/**
	 * Read arguments into the declared types.
	 * @param args the text of a JSON array
	 * @return the arguments, one for each parameter
	 * @throws ArgumentException when there are more or fewer, or one has another type
	 */
	public @Nullable Object[] read(String args) {
		@Nullable Object[] arguments = new @Nullable Object[this.slots.size()];
		try (JsonParser json = ArgumentJson.parser(this.mapper, args)) {
			json.nextToken();
			for (int i = 0; i < arguments.length; i++) {
				if (json.nextToken() == JsonToken.END_ARRAY) {
					throw wrongNumber("fewer");
				}
				arguments[i] = read(this.slots.get(i), json);
				// Jackson reads a list within a list of strings as a part of the outer
				// one,
				// and what follows as the next argument.
				if (!isWithinArguments(json)) {
					throw new ArgumentException(describe(this.slots.get(i)) + " is given more levels than it has",
							null);
				}
			}
			if (json.nextToken() != JsonToken.END_ARRAY || json.nextToken() != null) {
				throw wrongNumber("more");
			}
		}
		return arguments;
	}

	private static boolean isWithinArguments(JsonParser json) {
		TokenStreamContext outer = json.streamReadContext().getParent();
		return outer != null && outer.inRoot();
	}

	private @Nullable Object read(Slot slot, JsonParser json) {
		if (json.currentToken() == JsonToken.VALUE_NULL && slot.type.isPrimitive()) {
			throw new ArgumentException(describe(slot) + " cannot be null", null);
		}
		try {
			return slot.reader.readValue(json);
		}
		// Of a number beyond its limits Jackson says so with a NumberFormatException, and
		// an application's own deserializers throw what they like.
		catch (RuntimeException ex) {
			throw ArgumentErrors.notRead(describe(slot), slot.isNamed, ex);
		}
	}

	/**
	 * Check that arguments come back as they were.
	 * @param arguments the arguments
	 * @param args what {@link #write} made of them
	 * @throws ArgumentException when one does not
	 */
	public void checkReadBack(List<@Nullable Object> arguments, String args) {
		@Nullable Object[] back = read(args);
		for (int i = 0; i < back.length; i++) {
			Slot slot = this.slots.get(i);
			if (!Objects.deepEquals(arguments.get(i), back[i])
					&& !tree(slot, arguments.get(i)).equals(tree(slot, back[i]))) {
				throw new ArgumentException(describe(slot) + " does not come back from JSON as it was: look for a "
						+ "field that is written but not read", null);
			}
		}
	}

	// What was a set may come back in another order.
	private JsonNode tree(Slot slot, @Nullable Object value) {
		return unordered(this.mapper.readTree(slot.writer.obtain().writeValueAsString(value)));
	}

	private static JsonNode unordered(JsonNode node) {
		if (node instanceof ObjectNode object) {
			object.propertyNames().forEach((name) -> object.set(name, unordered(object.get(name))));
		}
		else if (node instanceof ArrayNode array) {
			List<JsonNode> sorted = array.valueStream()
				.map(ArgumentBinding::unordered)
				.sorted(Comparator.comparing(JsonNode::toString))
				.toList();
			array.removeAll().addAll(sorted);
		}
		return node;
	}

	private void checkRuntimeType(Slot slot, @Nullable Object argument) {
		Class<?> declared = slot.type.getRawClass();
		if (argument == null) {
			if (declared.isPrimitive()) {
				throw new ArgumentException(describe(slot) + " cannot be null", null);
			}
			return;
		}
		Class<?> actual = (argument instanceof Enum<?> constant) ? constant.getDeclaringClass() : argument.getClass();
		Class<?> boxed = org.springframework.util.ClassUtils.resolvePrimitiveIfNecessary(declared);
		if (!boxed.isInstance(argument)) {
			throw new ArgumentException(
					describe(slot) + " is given a " + actual.getName() + ": pass a " + declared.getSimpleName(), null);
		}
		boolean judgedByDeclaredType = declared.isInterface() || slot.type.isContainerType() || slot.isPolymorphic
				|| declared.getName().startsWith("java.");
		if (actual != boxed && !judgedByDeclaredType) {
			throw new ArgumentException(describe(slot) + " is given a " + actual.getName()
					+ ", which would come back as its declared type: send the declared type itself (a record with an "
					+ "id instead of an entity), or declare @JsonTypeInfo on it", null);
		}
	}

	private ArgumentException wrongNumber(String comparison) {
		return new ArgumentException(signature() + ", the message has " + comparison, null);
	}

	private String signature() {
		String types = this.slots.stream()
			.map((slot) -> slot.type.getRawClass().getSimpleName())
			.collect(Collectors.joining(", "));
		return "Job '" + this.job + "' takes " + switch (this.slots.size()) {
			case 0 -> "no arguments";
			case 1 -> "1 argument (" + types + ")";
			default -> this.slots.size() + " arguments (" + types + ")";
		};
	}

	private String describe(Slot slot) {
		return "Argument " + slot.name + " (" + slot.type.toCanonical() + ") of job '" + this.job + "'";
	}

	private static boolean isPolymorphic(JsonMapper mapper, JavaType type) {
		return mapper._deserializationContext().findTypeDeserializer(type) != null;
	}

	private record Slot(String name, boolean isNamed, JavaType type, SingletonSupplier<ObjectWriter> writer,
			ObjectReader reader, boolean isPolymorphic) {
	}

}
