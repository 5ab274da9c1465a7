package dev.backgroundjobs.adapter.lambda;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.amazonaws.services.lambda.runtime.Context;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.adapter.aws.AwsAutoConfiguration;
import dev.backgroundjobs.adapter.lambda.TestLambda.Invocation;
import dev.backgroundjobs.test.JobBackendContract;
import org.junit.jupiter.api.AfterEach;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The contract over the SDK's client and HTTP to a {@link TestLambda double} of Lambda,
 * whose invocations the handler is called with. What fails is tried again at once, and
 * more often than by Lambda.
 */
class LambdaJobBackendIT extends JobBackendContract {

	private final Queue<Invocation> pending = new ConcurrentLinkedQueue<>();

	private final TestLambda lambda = startLambda();

	private final Map<ConfigurableApplicationContext, JobsLambdaHandler> handlers = new ConcurrentHashMap<>();

	private TestLambda startLambda() {
		try {
			return new TestLambda(this.pending::add);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@AfterEach
	void stopLambda() {
		this.lambda.close();
	}

	@Override
	protected String backend() {
		return "lambda";
	}

	@Override
	protected List<Class<?>> configurations() {
		return List.of(Function.class);
	}

	@Override
	protected List<String> properties() {
		return List.of("jobs.lambda.region=" + TestLambda.REGION, "jobs.lambda.endpoint=" + this.lambda.uri(),
				"jobs.lambda.queues.default.function=paperwork-jobs",
				"jobs.lambda.queues.doomed.function=paperwork-doomed",
				"jobs.lambda.queues.unkept.function=paperwork-unkept");
	}

	@Override
	protected void deliverDue(ConfigurableApplicationContext context) {
		JobsLambdaHandler handler = this.handlers.computeIfAbsent(context, JobsLambdaHandler::new);
		for (int left = this.pending.size(); left > 0; left--) {
			Invocation invocation = this.pending.remove();
			if (!succeeds(handler, invocation)) {
				this.pending.add(invocation);
			}
		}
	}

	private static boolean succeeds(JobsLambdaHandler handler, Invocation invocation) {
		Context context = Mockito.mock(Context.class);
		Mockito.when(context.getRemainingTimeInMillis()).thenReturn(60_000);
		Mockito.when(context.getAwsRequestId()).thenReturn(invocation.id());
		byte[] event = invocation.payload().getBytes(StandardCharsets.UTF_8);
		try {
			handler.handleRequest(new ByteArrayInputStream(event), OutputStream.nullOutputStream(), context);
			return true;
		}
		catch (JobException ex) {
			return false;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AwsAutoConfiguration.class, LambdaJobAutoConfiguration.class })
	static class Function {

		@Bean
		LambdaJobCustomizer credentials() {
			return TestLambda.credentials();
		}

	}

}
