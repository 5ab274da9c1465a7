package dev.backgroundjobs.definition;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.OnEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/**
 * Finds the {@link BackgroundJob} methods of an application's beans without creating a
 * bean: when it starts, and when it is processed ahead of time.
 */
public final class JobMethods {

	private JobMethods() {
	}

	/**
	 * Visit all job methods, whether they can work or not.
	 * @param beanFactory knows the beans
	 * @param visitor is called for each method
	 */
	public static void visit(ConfigurableListableBeanFactory beanFactory, Visitor visitor) {
		for (String beanName : beanFactory.getBeanNamesForType(Object.class, true, false)) {
			if (!ScopedProxyUtils.isScopedTarget(beanName)) {
				visit(beanFactory, beanName, visitor);
			}
		}
	}

	private static void visit(ConfigurableListableBeanFactory beanFactory, String beanName, Visitor visitor) {
		Class<?> type = targetType(beanFactory, beanName);
		if (type == null || type.getName().startsWith("org.springframework.")
				|| !AnnotationUtils.isCandidateClass(type, List.of(BackgroundJob.class, OnEvent.class))) {
			return;
		}
		Map<Method, MergedAnnotation<BackgroundJob>> methods;
		try {
			methods = MethodIntrospector.selectMethods(type, JobMethods::annotation);
		}
		catch (NoClassDefFoundError | TypeNotPresentException ex) {
			// A class that cannot be read in full, as with an optional dependency, has no
			// jobs.
			return;
		}
		methods.forEach((method, annotation) -> visitor.visit(beanName, type, method, annotation));
	}

	private static @Nullable Class<?> targetType(ConfigurableListableBeanFactory beanFactory, String beanName) {
		try {
			Class<?> type = AutoProxyUtils.determineTargetClass(beanFactory, beanName);
			return (type != null) ? ClassUtils.getUserClass(type) : null;
		}
		catch (NoClassDefFoundError ex) {
			return null;
		}
	}

	private static @Nullable MergedAnnotation<BackgroundJob> annotation(Method method) {
		MergedAnnotations annotations = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
		MergedAnnotation<BackgroundJob> annotation = annotations.get(BackgroundJob.class);
		return (annotation.isPresent() || annotations.isPresent(OnEvent.class)) ? annotation : null;
	}

	/**
	 * Is told of every job method.
	 */
	@FunctionalInterface
	public interface Visitor {

		/**
		 * Take a job method.
		 * @param beanName the name of the bean that has it
		 * @param beanType the bean's class behind proxies
		 * @param method the method
		 * @param annotation what it declares; missing where only {@link OnEvent} is there
		 */
		void visit(String beanName, Class<?> beanType, Method method, MergedAnnotation<BackgroundJob> annotation);

	}

}
