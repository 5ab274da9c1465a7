package dev.backgroundjobs.autoconfigure;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonSubTypes;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.core.GenericTypeResolver;
import org.springframework.util.ClassUtils;

/**
 * What is reached by reflection when a job method is found, called, and its arguments are
 * written and read.
 *
 * @param beanType the bean's class behind proxies
 * @param method the method
 */
record JobMethodHints(Class<?> beanType, Method method) {

	private static final BindingReflectionHintsRegistrar BINDING = new BindingReflectionHintsRegistrar();

	void register(ReflectionHints hints) {
		hints.registerType(this.beanType);
		hints.registerMethod(this.method, ExecutableMode.INVOKE);
		// A proxy of interfaces is called through the one that has the method.
		for (Class<?> type : ClassUtils.getAllInterfacesForClassAsSet(this.beanType)) {
			Method declared = ClassUtils.getMethodIfAvailable(type, this.method.getName(),
					this.method.getParameterTypes());
			if (declared != null) {
				hints.registerMethod(declared, ExecutableMode.INVOKE);
			}
		}
		Deque<Type> arguments = new ArrayDeque<>();
		for (Type argument : this.method.getGenericParameterTypes()) {
			arguments.add(GenericTypeResolver.resolveType(argument, this.beanType));
		}
		registerArguments(hints, arguments);
	}

	// Spring's registrar follows properties and type arguments, but neither arrays nor
	// the subtypes that Jackson chooses from.
	private void registerArguments(ReflectionHints hints, Deque<Type> arguments) {
		Set<Type> known = new HashSet<>();
		while (!arguments.isEmpty()) {
			Type argument = arguments.remove();
			if (!known.add(argument)) {
				continue;
			}
			BINDING.registerReflectionHints(hints, argument);
			ReflectionHints reached = new ReflectionHints();
			BINDING.registerReflectionHints(reached, argument);
			reached.typeHints()
				.map((hint) -> ClassUtils.resolveClassName(hint.getType().getName(), this.beanType.getClassLoader()))
				.forEach((type) -> arguments.addAll(beyond(type)));
		}
	}

	private static List<Class<?>> beyond(Class<?> type) {
		List<Class<?>> types = new ArrayList<>();
		if (type.isArray()) {
			types.add(type.componentType());
		}
		if (type.isSealed()) {
			types.addAll(List.of(type.getPermittedSubclasses()));
		}
		JsonSubTypes subtypes = type.getAnnotation(JsonSubTypes.class);
		if (subtypes != null) {
			for (JsonSubTypes.Type subtype : subtypes.value()) {
				types.add(subtype.value());
			}
		}
		return types;
	}

}
