package dev.backgroundjobs.benchmarks;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.adapter.sqs.SqsJobCustomizer;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * How fast the worker empties a queue of SQS whose jobs do nothing, beside a bare loop
 * that receives and deletes ten messages at a time, in turns. The SQS is ElasticMQ in
 * this process. The worker's time includes the start of the application's lifecycle.
 */
public final class SqsWorkerBenchmark {

	private static final int MESSAGES = 15_000;

	private static final int WARM_UP = 2;

	private static final int ROUNDS = 7;

	private SqsWorkerBenchmark() {
	}

	/**
	 * Run the benchmark.
	 * @param args ignored
	 */
	public static void main(String[] args) throws InterruptedException {
		SQSRestServer server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
		URI endpoint = URI.create("http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
		try (SqsClient client = SqsClient.builder()
			.region(Region.EU_WEST_1)
			.endpointOverride(endpoint)
			.credentialsProvider(AnonymousCredentialsProvider.create())
			.build()) {
			String url = client.createQueue((request) -> request.queueName("default")).queueUrl();
			try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
				.web(WebApplicationType.NONE)
				.properties("jobs.backend=sqs", "jobs.sqs.region=eu-west-1", "jobs.sqs.endpoint=" + endpoint,
						"jobs.sqs.worker.enabled=true", "jobs.sqs.worker.wait-time=0s")
				.run()) {
				context.stop();
				compare(client, url, context);
			}
		}
		finally {
			server.stopAndWait();
		}
	}

	private static void compare(SqsClient client, String url, ConfigurableApplicationContext context)
			throws InterruptedException {
		List<Double> ratios = new ArrayList<>();
		for (int i = 0; i < WARM_UP + ROUNDS; i++) {
			fill(context);
			double bare = perSecond(() -> drain(client, url));
			fill(context);
			CountDownLatch left = context.getBean(Jobs.class).expect(MESSAGES);
			double worker = perSecond(() -> {
				context.start();
				await(left);
			});
			context.stop();
			System.out.printf("bare loop: %.0f messages/s, worker: %.0f, worker / bare loop: %.2f%s%n", bare, worker,
					worker / bare, (i < WARM_UP) ? " (warm-up)" : "");
			if (i >= WARM_UP) {
				ratios.add(worker / bare);
			}
		}
		System.out.printf("worker / bare loop: %.2f (median of %d rounds)%n",
				ratios.stream().sorted().skip(ROUNDS / 2).findFirst().orElseThrow(), ROUNDS);
	}

	private static void fill(ConfigurableApplicationContext context) {
		context.getBean(JobDispatcher.class)
			.enqueueAll(IntStream.range(0, MESSAGES).mapToObj((i) -> JobCall.of(Jobs::noop, i)));
	}

	private static double perSecond(Runnable drain) {
		long start = System.nanoTime();
		drain.run();
		return MESSAGES * 1e9 / (System.nanoTime() - start);
	}

	private static void drain(SqsClient client, String url) {
		int left = MESSAGES;
		while (left > 0) {
			List<Message> messages = client
				.receiveMessage((request) -> request.queueUrl(url).maxNumberOfMessages(10).visibilityTimeout(60))
				.messages();
			if (messages.isEmpty()) {
				continue;
			}
			client.deleteMessageBatch((request) -> request.queueUrl(url)
				.entries(messages.stream()
					.map((message) -> DeleteMessageBatchRequestEntry.builder()
						.id(message.messageId())
						.receiptHandle(message.receiptHandle())
						.build())
					.toList()));
			left -= messages.size();
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static class Jobs {

		private volatile CountDownLatch left = new CountDownLatch(0);

		CountDownLatch expect(int count) {
			this.left = new CountDownLatch(count);
			return this.left;
		}

		@BackgroundJob(name = "noop")
		void noop(int number) {
			this.left.countDown();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Jobs jobs() {
			return new Jobs();
		}

		@Bean
		SqsJobCustomizer withoutCredentials() {
			return (builder) -> builder.credentialsProvider(AnonymousCredentialsProvider.create());
		}

	}

}
