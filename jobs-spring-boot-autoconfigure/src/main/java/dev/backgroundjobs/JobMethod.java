package dev.backgroundjobs;

import java.io.Serializable;

/**
 * A reference to a job method, written as {@code Reports::generate}. It is only read,
 * never called: the bean's method runs when the message is delivered.
 * <p>
 * Lambdas ({@code report -> …}), bound references ({@code this::generate}), constructor
 * and varargs references are refused.
 */
public sealed interface JobMethod extends Serializable {

	/**
	 * A job method without parameters.
	 *
	 * @param <T> the bean's type
	 */
	@FunctionalInterface
	non-sealed interface Of0<T> extends JobMethod {

		/**
		 * Stands for the job method.
		 * @param bean the bean
		 * @throws Exception what the method throws
		 */
		void call(T bean) throws Exception;

	}

	/**
	 * A job method with one parameter.
	 *
	 * @param <T> the bean's type
	 * @param <A> the parameter's type
	 */
	@FunctionalInterface
	non-sealed interface Of1<T, A> extends JobMethod {

		/**
		 * Stands for the job method.
		 * @param bean the bean
		 * @param argument the argument
		 * @throws Exception what the method throws
		 */
		void call(T bean, A argument) throws Exception;

	}

	/**
	 * A job method with two parameters.
	 *
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 */
	@FunctionalInterface
	non-sealed interface Of2<T, A, B> extends JobMethod {

		/**
		 * Stands for the job method.
		 * @param bean the bean
		 * @param first the first argument
		 * @param second the second argument
		 * @throws Exception what the method throws
		 */
		void call(T bean, A first, B second) throws Exception;

	}

	/**
	 * A job method with three parameters.
	 *
	 * @param <T> the bean's type
	 * @param <A> the first parameter's type
	 * @param <B> the second parameter's type
	 * @param <C> the third parameter's type
	 */
	@FunctionalInterface
	non-sealed interface Of3<T, A, B, C> extends JobMethod {

		/**
		 * Stands for the job method.
		 * @param bean the bean
		 * @param first the first argument
		 * @param second the second argument
		 * @param third the third argument
		 * @throws Exception what the method throws
		 */
		void call(T bean, A first, B second, C third) throws Exception;

	}

}
