package dev.backgroundjobs.definition;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.io.Resource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Why a method cannot be a job.
 */
final class JobMethodRules {

	// By name, since the types need not be on the class path.
	private static final Map<String, String> REFUSED_RETURN_TYPES = Map.of("org.reactivestreams.Publisher",
			"a Publisher");

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
		rules.put("its name is overloaded in the class, so that a method reference would not tell which is meant. "
				+ "Rename one", isOverloaded(type, method));
		rules.put(
				"it is @Async, so that nobody would see how it ends. Remove @Async, a job runs in the background "
						+ "already",
				MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)
					.isPresent("org.springframework.scheduling.annotation.Async"));
		rules.put("it is a Kotlin suspend function. Call it from a method that waits for it", isSuspend(method));
		rules.put("its bean has the scope of a request or session, which a job does not have. Move it to a singleton",
				isWebScoped(beanFactory, beanName));
		List<String> refusals = new ArrayList<>(
				rules.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList());
		checkReturnType(method.getReturnType(), refusals);
		Arrays.stream(method.getParameterTypes()).forEach((parameter) -> checkArgument(parameter, refusals));
		return refusals;
	}

	private static void checkReturnType(Class<?> type, List<String> refusals) {
		boolean asynchronous = CompletionStage.class.isAssignableFrom(type) || Future.class.isAssignableFrom(type)
				|| Flow.Publisher.class.isAssignableFrom(type)
				|| ClassUtils.getAllInterfacesForClassAsSet(type)
					.stream()
					.anyMatch((c) -> REFUSED_RETURN_TYPES.containsKey(c.getName()))
				|| REFUSED_RETURN_TYPES.containsKey(type.getName());
		if (asynchronous) {
			refusals.add("it returns a " + type.getSimpleName() + ", so that it would count as done before it is. Wait "
					+ "for the result in the method and return nothing");
		}
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

	private static boolean isSuspend(Method method) {
		Class<?>[] types = method.getParameterTypes();
		return types.length > 0 && types[types.length - 1].getName().equals("kotlin.coroutines.Continuation");
	}

	private static boolean isCglibProxy(ConfigurableListableBeanFactory beanFactory, String beanName) {
		return beanFactory.containsSingleton(beanName) && AopUtils.isCglibProxy(beanFactory.getSingleton(beanName));
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
