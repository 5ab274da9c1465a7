package dev.backgroundjobs.adapter.sqs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Keeps calls from leaving the client, as a network does that is down, and knows which
 * were made.
 */
final class FailingCalls implements ExecutionInterceptor {

	final List<String> made = new CopyOnWriteArrayList<>();

	volatile boolean isDown;

	@Override
	public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
		this.made.add(context.request().getClass().getSimpleName());
		if (this.isDown) {
			throw SdkClientException.create("The network is down");
		}
	}

}
