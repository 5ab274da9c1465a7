package dev.backgroundjobs.message;

import java.lang.reflect.Method;
import java.net.InetAddress;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Writes the arguments of jobs as JSON and reads them back into the declared parameter
 * types, with the application's own mapper made strict: no default typing, nothing put in
 * the place of a missing or mistyped argument, the limits of {@link MessageLimits}. Safe
 * for use by several threads.
 */
public final class ArgumentCodec {

	private final JsonMapper mapper;

	private final CursorCodec cursors;

	private final Map<MethodKey, ArgumentBinding> bindings = new ConcurrentHashMap<>();

	/**
	 * Create a codec.
	 * @param mapper the application's mapper, which stays as it is
	 * @param modules what arguments have besides
	 */
	public ArgumentCodec(JsonMapper mapper, JacksonModule... modules) {
		this.mapper = strict(mapper, modules);
		this.cursors = new CursorCodec(this.mapper);
	}

	// A primitive field that a record has gained is absent in older messages and starts
	// as 0 or false, so nulls for primitives are refused only for the arguments
	// themselves.
	private static JsonMapper strict(JsonMapper mapper, JacksonModule... modules) {
		JsonMapper.Builder builder = mapper.rebuild()
			.addModules(modules)
			.deactivateDefaultTyping()
			// What is written must be JSON, and what is read below.
			.enable(JsonWriteFeature.QUOTE_PROPERTY_NAMES, JsonWriteFeature.WRITE_NAN_AS_STRINGS)
			.enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
			.disable(SerializationFeature.WRAP_ROOT_VALUE, SerializationFeature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED)
			.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
			.disable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
					DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
					DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
					DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
					DeserializationFeature.FAIL_ON_IGNORED_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
					DeserializationFeature.UNWRAP_ROOT_VALUE, DeserializationFeature.ACCEPT_FLOAT_AS_INT,
					DeserializationFeature.ACCEPT_EMPTY_STRING_AS_NULL_OBJECT,
					DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY,
					DeserializationFeature.UNWRAP_SINGLE_VALUE_ARRAYS,
					DeserializationFeature.ACCEPT_EMPTY_ARRAY_AS_NULL_OBJECT);
		if (!mapper.isEnabled(EnumFeature.WRITE_ENUMS_USING_INDEX)) {
			builder.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS);
		}
		refuse(builder, LogicalType.Textual, CoercionInputShape.Integer, CoercionInputShape.Float,
				CoercionInputShape.Boolean);
		refuse(builder, LogicalType.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean,
				CoercionInputShape.EmptyString);
		refuse(builder, LogicalType.Float, CoercionInputShape.Boolean, CoercionInputShape.EmptyString);
		refuse(builder, LogicalType.Boolean, CoercionInputShape.Integer, CoercionInputShape.Float,
				CoercionInputShape.EmptyString);
		refuse(builder, LogicalType.DateTime, CoercionInputShape.EmptyString);
		refuse(builder, LogicalType.Enum, CoercionInputShape.EmptyString);
		// Of the types written as text these have no empty value, URI and Locale have.
		for (Class<?> type : List.of(UUID.class, Currency.class, TimeZone.class, InetAddress.class)) {
			builder.withCoercionConfig(type,
					(config) -> config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail));
		}
		return builder.build();
	}

	private static void refuse(MapperBuilder<?, ?> builder, LogicalType type, CoercionInputShape... shapes) {
		builder.withCoercionConfig(type, (config) -> {
			for (CoercionInputShape shape : shapes) {
				config.setCoercion(shape, CoercionAction.Fail);
			}
		});
	}

	/**
	 * Return how the arguments of a method are written and read.
	 * @param job the job's name, for messages
	 * @param beanType the bean's class, which resolves type variables
	 * @param method the method
	 * @return the binding, the same for every call
	 * @throws ArgumentException when a parameter's type cannot be read from JSON
	 */
	public ArgumentBinding binding(String job, Class<?> beanType, Method method) {
		MethodKey key = new MethodKey(beanType, method);
		ArgumentBinding binding = this.bindings.get(key);
		if (binding == null) {
			binding = new ArgumentBinding(this.mapper, job, beanType, method);
			this.bindings.put(key, binding);
		}
		return binding;
	}

	/**
	 * Write arguments whose declared types are not known, of another service's job.
	 * @param job the job's name, for messages
	 * @param arguments the arguments
	 * @return the text of a JSON array
	 * @throws ArgumentException when an argument cannot be written
	 */
	public String write(String job, List<@Nullable Object> arguments) {
		return ArgumentJson.write(this.mapper, job, (json) -> {
			for (int i = 0; i < arguments.size(); i++) {
				try {
					this.mapper.writeValue(json, arguments.get(i));
				}
				catch (JacksonException ex) {
					throw ArgumentErrors.notWritten("Argument " + (i + 1) + " of job '" + job + "'", ex);
				}
			}
		});
	}

	/**
	 * Return what writes and reads the cursors of iterations, with the same mapper.
	 * @return the codec
	 */
	public CursorCodec cursors() {
		return this.cursors;
	}

	private record MethodKey(Class<?> beanType, Method method) {
	}

}
