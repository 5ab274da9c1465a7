package dev.backgroundjobs.execution;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.message.ArgumentCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Calls the method of a job on its bean, within the interceptors. The bean is looked up
 * for every run, so that lazy, prototype and refreshed beans work, and its proxies apply.
 */
public final class JobInvoker {

	private final BeanFactory beanFactory;

	private final ArgumentCodec arguments;

	private final List<JobInterceptor> interceptors;

	private final Map<InvocableKey, Method> invocables = new ConcurrentHashMap<>();

	/**
	 * Create an invoker.
	 * @param beanFactory finds the beans
	 * @param arguments reads the arguments
	 * @param interceptors surround every run, the first is the outermost
	 */
	public JobInvoker(BeanFactory beanFactory, ArgumentCodec arguments, List<JobInterceptor> interceptors) {
		this.beanFactory = beanFactory;
		this.arguments = arguments;
		this.interceptors = List.copyOf(interceptors);
	}

	/**
	 * Call the method of a job, and go on with what it returns, within the interceptors.
	 */
	void invoke(JobContext context, JobDefinition definition, String args, Returned returned) throws Throwable {
		@Nullable Object[] arguments = this.arguments.binding(definition.name(), definition.beanType(), definition.method())
			.read(args);
		Object bean = bean(definition);
		proceed(context, 0, () -> returned.accept(call(bean, definition.method(), arguments)));
	}

	private Object bean(JobDefinition definition) throws BeanNotAvailableException {
		try {
			return this.beanFactory.getBean(definition.beanName());
		}
		catch (BeansException ex) {
			throw new BeanNotAvailableException(definition.beanName(), ex);
		}
	}

	private void proceed(JobContext context, int index, JobInterceptor.Run run) throws Throwable {
		if (index == this.interceptors.size()) {
			run.proceed();
		}
		else {
			this.interceptors.get(index).intercept(context, () -> proceed(context, index + 1, run));
		}
	}

	private @Nullable Object call(Object bean, Method method, @Nullable Object[] arguments) throws Throwable {
		Method invocable = this.invocables.computeIfAbsent(new InvocableKey(bean.getClass(), method), (key) -> {
			Method selected = AopUtils.selectInvocableMethod(key.method(), key.beanClass());
			ReflectionUtils.makeAccessible(selected);
			return selected;
		});
		try {
			return invocable.invoke(bean, arguments);
		}
		catch (InvocationTargetException ex) {
			throw unwrap(ex.getTargetException());
		}
	}

	// A proxy wraps checked exceptions that its method does not declare.
	private static Throwable unwrap(Throwable failure) {
		return (failure instanceof UndeclaredThrowableException undeclared
				&& undeclared.getUndeclaredThrowable() != null) ? undeclared.getUndeclaredThrowable() : failure;
	}

	/**
	 * The bean of a job could not be created or found.
	 */
	static final class BeanNotAvailableException extends Exception {

		private static final long serialVersionUID = 1L;

		BeanNotAvailableException(String bean, BeansException cause) {
			super("Bean '" + bean + "' is not available: " + cause.getMessage(), cause);
		}

	}

	/**
	 * Takes what the method of a job returns.
	 */
	@FunctionalInterface
	interface Returned {

		void accept(@Nullable Object value) throws Throwable;

	}

	private record InvocableKey(Class<?> beanClass, Method method) {
	}

}
