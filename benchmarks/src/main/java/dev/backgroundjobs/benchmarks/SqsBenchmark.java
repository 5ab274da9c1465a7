package dev.backgroundjobs.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
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
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@code enqueueAll} on SQS beside the raw client's batches of messages that look the
 * same, and beside {@code enqueue} one by one, in turns, so that whatever else the
 * machine does meets all three. The SQS is ElasticMQ in this process, which takes most of
 * the time; what the calling thread itself takes is told besides.
 */
public final class SqsBenchmark {

	private static final int MESSAGES = 500;

	private static final int BATCH = 10;

	private static final int WARM_UP = 40;

	private static final int ROUNDS = 41;

	private static final String DOCUMENT = "01a20188-6a28-71f0-afe3-49c324578c12";

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private SqsBenchmark() {
	}

	/**
	 * Run the benchmark.
	 * @param args ignored
	 */
	public static void main(String[] args) {
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
				.properties("jobs.backend=sqs", "jobs.sqs.region=eu-west-1", "jobs.sqs.endpoint=" + endpoint)
				.run()) {
				compare(client, url, context.getBean(JobDispatcher.class));
			}
		}
		finally {
			server.stopAndWait();
		}
	}

	private static void compare(SqsClient client, String url, JobDispatcher jobs) {
		List<Round> rounds = new ArrayList<>();
		for (int i = 0; i < WARM_UP + ROUNDS; i++) {
			Round round = new Round(measure(() -> raw(client, url)), measure(() -> enqueueAll(jobs)),
					measure(() -> enqueue(jobs)));
			// What was sent would fill the memory.
			client.purgeQueue((request) -> request.queueUrl(url));
			if (i >= WARM_UP) {
				rounds.add(round);
			}
		}
		System.out.printf("raw batches:  %.0f messages/s, %.1f us of the calling thread each%n",
				median(rounds, (round) -> round.raw().perSecond()), median(rounds, (round) -> round.raw().micros()));
		System.out.printf("enqueueAll:   %.0f messages/s, %.1f us of the calling thread each%n",
				median(rounds, (round) -> round.all().perSecond()), median(rounds, (round) -> round.all().micros()));
		System.out.printf("enqueue:      %.0f messages/s, %.1f us of the calling thread each%n",
				median(rounds, (round) -> round.single().perSecond()),
				median(rounds, (round) -> round.single().micros()));
		System.out.printf("enqueueAll / raw batches: %.2f, enqueueAll / enqueue: %.1f (medians of %d rounds)%n",
				median(rounds, (round) -> round.all().perSecond() / round.raw().perSecond()),
				median(rounds, (round) -> round.all().perSecond() / round.single().perSecond()), ROUNDS);
	}

	private static Speed measure(Runnable sendAll) {
		long cpu = THREADS.getCurrentThreadCpuTime();
		long start = System.nanoTime();
		sendAll.run();
		long time = System.nanoTime() - start;
		return new Speed(MESSAGES * 1e9 / time, (THREADS.getCurrentThreadCpuTime() - cpu) / 1e3 / MESSAGES);
	}

	private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
		return rounds.stream().mapToDouble(value).sorted().skip(rounds.size() / 2).findFirst().orElseThrow();
	}

	private static void enqueueAll(JobDispatcher jobs) {
		jobs.enqueueAll(IntStream.range(0, MESSAGES).mapToObj((i) -> JobCall.of(Jobs::noop, new Argument(DOCUMENT))));
	}

	private static void enqueue(JobDispatcher jobs) {
		for (int i = 0; i < MESSAGES; i++) {
			jobs.enqueue(Jobs::noop, new Argument(DOCUMENT));
		}
	}

	private static void raw(SqsClient client, String url) {
		for (int i = 0; i < MESSAGES; i += BATCH) {
			SendMessageBatchResponse response = client.sendMessageBatch((request) -> request.queueUrl(url)
				.entries(IntStream.range(0, BATCH).mapToObj(SqsBenchmark::entry).toList()));
			if (response.successful().size() != BATCH) {
				throw new IllegalStateException(response.failed().toString());
			}
		}
	}

	// As long as our own message.
	private static SendMessageBatchRequestEntry entry(int position) {
		String id = UUID.randomUUID().toString();
		String body = MAPPER.writeValueAsString(Map.of("v", 1, "id", id, "seq", 0, "job", "noop", "queue", "default",
				"args", List.of(new Argument(DOCUMENT)), "attempt", 1, "enqueuedAt", "2026-06-01T12:00:00.123456Z"));
		return SendMessageBatchRequestEntry.builder()
			.id(Integer.toString(position))
			.messageBody(body)
			.messageAttributes(Map.of("job", text("noop"), "id", text(id), "queue", text("default")))
			.build();
	}

	private static MessageAttributeValue text(String value) {
		return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
	}

	record Speed(double perSecond, double micros) {
	}

	record Round(Speed raw, Speed all, Speed single) {
	}

	record Argument(String documentId) {
	}

	static class Jobs {

		@BackgroundJob(name = "noop")
		void noop(Argument argument) {
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
