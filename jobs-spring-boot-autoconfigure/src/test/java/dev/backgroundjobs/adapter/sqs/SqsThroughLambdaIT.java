package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.adapter.aws.LambdaWebAdapter;
import dev.backgroundjobs.adapter.aws.SqsEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Jobs from ElasticMQ through doubles of Lambda's event source mapping and of Lambda Web
 * Adapter, which drops statuses, into the application and back.
 */
@Timeout(240)
class SqsThroughLambdaIT {

	private static final Duration TIME = Duration.ofSeconds(20);

	private final TestSqs sqs = new TestSqs();

	private final Map<String, String> urls = Map.of("default", this.sqs.create("letters"), "orders",
			this.sqs.createFifo("orders.fifo"));

	private ConfigurableApplicationContext context;

	@BeforeEach
	void start() {
		Letters.runs.clear();
		List<String> properties = new ArrayList<>(List.of(this.sqs.properties()));
		properties.addAll(List.of("spring.config.location=optional:classpath:/none/", "server.port=0",
				"AWS_LAMBDA_FUNCTION_NAME=paperwork", "AWS_LWA_ERROR_STATUS_CODES=400-599",
				"AWS_LWA_PASS_THROUGH_PATH=/_jobs", "jobs.sqs.queues.default.name=letters",
				"jobs.sqs.queues.orders.name=orders.fifo"));
		this.context = new SpringApplicationBuilder(Application.class)
			.run(properties.stream().map((property) -> "--" + property).toArray(String[]::new));
	}

	@AfterEach
	void stop() {
		this.context.close();
		this.sqs.close();
	}

	private JobDispatcher jobs() {
		return this.context.getBean(JobDispatcher.class);
	}

	private LambdaWebAdapter lambda(boolean knowsErrors) {
		return new LambdaWebAdapter(((WebServerApplicationContext) this.context).getWebServer().getPort(), knowsErrors);
	}

	// What an event source mapping does once.
	private boolean poll(LambdaWebAdapter lambda, String queue) throws Exception {
		String url = this.urls.get(queue);
		List<Message> messages = this.sqs.take(url);
		if (messages.isEmpty()) {
			return false;
		}
		SqsEvent event = new SqsEvent((queue.equals("orders") ? "orders.fifo" : "letters"));
		for (Message message : messages) {
			Map<MessageSystemAttributeName, String> attributes = message.attributes();
			event.with(message.messageId(), message.receiptHandle(), message.body(),
					Integer.parseInt(attributes.get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)),
					attributes.getOrDefault(MessageSystemAttributeName.MESSAGE_GROUP_ID, ""));
		}
		Set<String> kept = event.kept(lambda.invoke(event.toString(), TIME));
		for (Message message : messages) {
			if (!kept.contains(message.messageId())) {
				this.sqs.client()
					.deleteMessage((request) -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
			}
		}
		return true;
	}

	private void drain(LambdaWebAdapter lambda, String queue) throws Exception {
		while (poll(lambda, queue) || !isEmpty(queue)) {
			assertThat(Thread.currentThread().isInterrupted()).as("out of time").isFalse();
		}
	}

	private boolean isEmpty(String queue) {
		List<QueueAttributeName> counts = List.of(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
				QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
				QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
		return this.sqs.client()
			.getQueueAttributes((request) -> request.queueUrl(this.urls.get(queue)).attributeNames(counts))
			.attributes()
			.values()
			.stream()
			.allMatch("0"::equals);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void noJobIsLostWithOrWithoutErrorStatuses(boolean knowsErrors) throws Exception {
		jobs().enqueueAll(IntStream.range(0, 60).mapToObj((i) -> JobCall.of(Letters::send, "letter " + i)));
		for (int i = 0; i < 5; i++) {
			jobs().enqueue(Letters::sendAtLast, "late " + i);
		}

		drain(lambda(knowsErrors), "default");

		List<String> done = Letters.runs.stream().filter((run) -> !run.startsWith("failed")).toList();
		assertThat(done).hasSize(65).doesNotHaveDuplicates();
		assertThat(Collections.frequency(Letters.runs, "failed late 0")).isEqualTo(1);
	}

	@Test
	void aRetryThreeSecondsLaterArrivesOnAFifoQueueAndNothingOvertakesIt() throws Exception {
		jobs().with(JobOptions.none().group("a")).enqueue(Letters::order, "1");
		jobs().with(JobOptions.none().group("a")).enqueue(Letters::order, "2 fails");
		jobs().with(JobOptions.none().group("a")).enqueue(Letters::order, "3");
		long start = System.nanoTime();

		drain(lambda(true), "orders");

		assertThat(Letters.runs).containsExactly("1", "failed 2 fails", "2 fails", "3");
		// The backoff, and not the queue's visibility timeout of 30 s.
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(1_700),
				Duration.ofSeconds(25));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Letters.class, TestSqs.Credentials.class })
	static class Application {

	}

	static class Letters {

		static final List<String> runs = new CopyOnWriteArrayList<>();

		private final Set<String> failed = Collections.synchronizedSet(new HashSet<>());

		@BackgroundJob
		void send(String text) {
			runs.add(text);
		}

		@BackgroundJob(backoff = @Backoff(delay = "1s"))
		void sendAtLast(String text) {
			if (this.failed.add(text)) {
				runs.add("failed " + text);
				throw new IllegalStateException("on purpose");
			}
			runs.add(text);
		}

		@BackgroundJob(queue = "orders", backoff = @Backoff(delay = "3s"))
		void order(String text) {
			if (text.contains("fails") && JobContext.current().attempt() == 1) {
				runs.add("failed " + text);
				throw new IllegalStateException("on purpose");
			}
			runs.add(text);
		}

	}

}
