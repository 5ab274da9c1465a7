package dev.backgroundjobs.adapter.lambda;

import software.amazon.awssdk.services.lambda.LambdaClientBuilder;

/**
 * Changes the client that functions are invoked with before it is built, to give other
 * credentials for example. Declare it as a bean; several are called in the order of
 * {@code @Order}, after region, endpoint and time limits are set.
 */
@FunctionalInterface
public interface LambdaJobCustomizer {

	/**
	 * Change the client.
	 * @param builder builds the client
	 */
	void customize(LambdaClientBuilder builder);

}
