package dev.backgroundjobs.definition;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;

import dev.backgroundjobs.iteration.CursorSource;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Steps;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.io.Resource;
import org.springframework.util.ReflectionUtils;

/**
 * Why a method cannot be a job.
 */
final class JobMethodRules {

	// By name, since the types need not be on the class path.
	private static final Set<String> REFUSED_RETURN_TYPES = Set.of("org.reactivestreams.Publisher");

	private static final List<Class<?>> REFUSED_ARGUMENTS = List.of(InputStream.class, OutputStream.class, Reader.class,
			Resource.class);

	private JobMethodRules() {
	}

	static List<String> refusals(ConfigurableListableBeanFactory beanFactory, String beanName, Class<?> type,
			Method method) {
		Map<String, Boolean> rules = new LinkedHashMap<>();
		rules.put("it is private. Make it visible in its package", Modifier.isPrivate(method.getModifiers()));
		rules.put("it is static. Make it a method of the bean", Modifier.isStatic(method.getModifiers()));
		rules.put("it is final and its bean is behind a proxy, which cannot pass the call on. Remove 'final'",
				Modifier.isFinal(method.getModifiers()) && isCglibProxy(beanFactory, beanName));
		rules.put(
				"its bean is behind a proxy of its interfaces, which do not have the method. Add it to one, or proxy "
						+ "the class (spring.aop.proxy-target-class=true)",
				isMissingInProxy(beanFactory, beanName, method));
		rules.put("its name is overloaded in the class, so that a method reference would not tell which is meant. "
				+ "Rename one", isOverloaded(type, method));
		rules.put("it is @Async, so that nobody would see how it ends. Remove @Async, a job runs in the background "
				+ "already", isAsync(method) || isAsync(type));
		rules.put("it is a Kotlin suspend function. Call it from a method that waits for it", isSuspend(method));
		rules.put("its bean has the scope of a request or session, which a job does not have. Move it to a singleton",
				isWebScoped(beanFactory, beanName));
		List<String> refusals = new ArrayList<>(
				rules.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList());
		Class<?> returned = ResolvableType.forMethodReturnType(method, type).resolve(Object.class);
		if ((returned == Iteration.class || returned == Steps.class) && isTransactional(type, method)) {
			refusals.add("it is @Transactional and returns an iteration, of which the items run after the transaction "
					+ "has ended. Remove @Transactional here and call another bean for each item, whose method has it");
		}
		if (holdsIteration(ResolvableType.forMethodReturnType(method, type))) {
			refusals.add("it returns iterations within a " + returned.getSimpleName()
					+ ", which nobody would walk. Return one Iteration, or Steps, and Iteration.none() for nothing");
		}
		checkReturnType(returned, refusals);
		for (int i = 0; i < method.getParameterCount(); i++) {
			checkArgument(ResolvableType.forMethodParameter(method, i, type).resolve(Object.class), refusals);
		}
		return refusals;
	}

	private static void checkReturnType(Class<?> type, List<String> refusals) {
		boolean asynchronous = CompletionStage.class.isAssignableFrom(type) || Future.class.isAssignableFrom(type)
				|| Flow.Publisher.class.isAssignableFrom(type) || isOneOf(type, REFUSED_RETURN_TYPES);
		if (CursorSource.class.isAssignableFrom(type) || type == Iteration.Over.class) {
			refusals
				.add("it returns a " + type.getSimpleName() + ", which says what to walk and not what to do. Return "
						+ "Iteration.over(source).each(…) and declare Iteration");
		}
		if (BaseStream.class.isAssignableFrom(type) || Iterator.class.isAssignableFrom(type)) {
			refusals.add("it returns a " + type.getSimpleName() + ", which nobody would walk. Return "
					+ "Iteration.over(source).each(…), or nothing");
		}
		if (asynchronous) {
			refusals.add("it returns a " + type.getSimpleName() + ", so that it would count as done before it is. Wait "
					+ "for the result in the method and return nothing");
		}
	}

	private static boolean isOneOf(@Nullable Class<?> type, Set<String> names) {
		return type != null && (names.contains(type.getName()) || isOneOf(type.getSuperclass(), names)
				|| Arrays.stream(type.getInterfaces()).anyMatch((c) -> isOneOf(c, names)));
	}

	private static void checkArgument(Class<?> type, List<String> refusals) {
		if (type == Object.class || REFUSED_ARGUMENTS.stream().anyMatch((refused) -> refused.isAssignableFrom(type))) {
			refusals.add("its argument of type " + type.getSimpleName() + " cannot travel in a message. Send a record, "
					+ "with the id or location of the data");
		}
	}

	private static boolean isOverloaded(Class<?> type, Method method) {
		return Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(type))
			.filter((other) -> other.getName().equals(method.getName()) && !other.isBridge() && !other.isSynthetic())
			.count() > 1;
	}

	private static boolean isAsync(AnnotatedElement element) {
		return MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY)
			.isPresent("org.springframework.scheduling.annotation.Async");
	}

	private static boolean isTransactional(Class<?> type, Method method) {
		return List.of("org.springframework.transaction.annotation.Transactional", "jakarta.transaction.Transactional")
			.stream()
			.anyMatch((name) -> MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).isPresent(name)
					|| MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY).isPresent(name));
	}

	private static boolean holdsIteration(ResolvableType type) {
		for (ResolvableType argument : type.getGenerics()) {
			Class<?> held = argument.resolve(Object.class);
			if (held == Iteration.class || held == Steps.class || CursorSource.class.isAssignableFrom(held)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isSuspend(Method method) {
		Class<?>[] types = method.getParameterTypes();
		return types.length > 0 && types[types.length - 1].getName().equals("kotlin.coroutines.Continuation");
	}

	private static boolean isCglibProxy(ConfigurableListableBeanFactory beanFactory, String beanName) {
		return beanFactory.containsSingleton(beanName) && AopUtils.isCglibProxy(beanFactory.getSingleton(beanName));
	}

	private static boolean isMissingInProxy(ConfigurableListableBeanFactory beanFactory, String beanName,
			Method method) {
		Object bean = beanFactory.containsSingleton(beanName) ? beanFactory.getSingleton(beanName) : null;
		if (bean == null || !AopUtils.isJdkDynamicProxy(bean) || Modifier.isPrivate(method.getModifiers())
				|| Modifier.isStatic(method.getModifiers())) {
			return false;
		}
		try {
			AopUtils.selectInvocableMethod(method, bean.getClass());
			return false;
		}
		catch (IllegalStateException ex) {
			return true;
		}
	}

	private static boolean isWebScoped(ConfigurableListableBeanFactory beanFactory, String beanName) {
		String target = ScopedProxyUtils.getTargetBeanName(beanName);
		String scoped = beanFactory.containsBeanDefinition(target) ? target : beanName;
		if (!beanFactory.containsBeanDefinition(scoped)) {
			return false;
		}
		String scope = beanFactory.getMergedBeanDefinition(scoped).getScope();
		return "request".equals(scope) || "session".equals(scope);
	}

}
