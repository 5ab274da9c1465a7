package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.adapter.sqs.SqsTestApplication.Letters;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.Message;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of the messages of a queue, over the SDK and ElasticMQ.
 */
@Timeout(120)
class SqsJobWorkerIT {

	private final SqsServer cloud = new SqsServer();

	private final Map<ConfigurableApplicationContext, Letters> contexts = new LinkedHashMap<>();

	@BeforeEach
	void createQueue() {
		this.cloud.createQueue("letters");
	}

	@AfterEach
	void stop() {
		this.contexts.keySet().forEach(ConfigurableApplicationContext::close);
		this.cloud.close();
	}

	@Test
	void runsEachOfManyJobsOnceAndDeletesItsMessage() {
		ConfigurableApplicationContext context = start();
		jobs(context).enqueueAll(calls(1_000));
		await().until(() -> letters(context).sent.size() >= 1_000 && isEmpty());
		assertThat(letters(context).sent).hasSize(1_000).doesNotHaveDuplicates();
	}

	@Test
	void keepsAMessageWhileItsJobRunsLongerThanItsVisibilityTimeout() {
		ConfigurableApplicationContext first = start("sqs.visibility-timeout=2s");
		ConfigurableApplicationContext second = start("sqs.visibility-timeout=2s");
		jobs(first).enqueue(Letters::hold, "Ada");
		await().until(() -> !sent().isEmpty());
		Awaitility.await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(20)).until(() -> sent().size() == 1);
		letters(first).release.countDown();
		letters(second).release.countDown();
		await().until(this::isEmpty);
		assertThat(sent()).containsExactly("Ada", "Ada released");
	}

	@Test
	void stopsARunWhoseMessageIsSomebodyElsesAndSettlesNothing() {
		ConfigurableApplicationContext context = start("sqs.visibility-timeout=3s");
		jobs(context).enqueue(Letters::hold, "Ada");
		await().until(() -> letters(context).sent.size() == 1);
		this.cloud.client().purgeQueue((request) -> request.queueUrl(this.cloud.url("letters")));
		try (CapturedLog log = new CapturedLog()) {
			await().until(() -> letters(context).sent.contains("Ada interrupted"));
			await().untilAsserted(
					() -> assertThat(log.lines()).anyMatch((line) -> line.contains("is received by somebody else"))
						.anyMatch((line) -> line.contains("has lost its lease")));
		}
		assertThat(isEmpty()).as("no successor").isTrue();
		assertThat(calls(context)).doesNotContain("DeleteMessageBatchRequest");
	}

	@Test
	void losesAMessageThatCannotBeExtendedAndRunsItAgainOnceSqsIsBack() {
		ConfigurableApplicationContext context = start("sqs.visibility-timeout=2s");
		jobs(context).enqueue(Letters::hold, "Ada");
		await().until(() -> letters(context).sent.size() == 1);
		network(context).isDown = true;
		await().until(() -> letters(context).sent.contains("Ada interrupted"));
		network(context).isDown = false;
		await().until(() -> letters(context).sent.size() == 3);
		letters(context).release.countDown();
		await().until(this::isEmpty);
		assertThat(letters(context).sent).containsExactly("Ada", "Ada interrupted", "Ada", "Ada released");
	}

	@Test
	void runsEachJobOnceThoughItIsStoppedInBetween() {
		ConfigurableApplicationContext first = start();
		jobs(first).enqueueAll(calls(500));
		await().pollInterval(Duration.ofMillis(5)).until(() -> letters(first).sent.size() >= 100);
		first.close();
		int done = letters(first).sent.size();
		assertThat(done).as("stopped before the end").isLessThan(500);
		assertThat(this.cloud.hidden("letters")).as("given back or deleted").isZero();
		assertThat(this.cloud.visible("letters")).isEqualTo(500 - done);
		ConfigurableApplicationContext second = start();
		await().until(() -> sent().size() >= 500 && isEmpty());
		assertThat(sent()).hasSize(500).doesNotHaveDuplicates();
		assertThat(letters(second).sent).hasSize(500 - done);
	}

	@Test
	void deletesWhatIsDoneBeforeItIsStopped() {
		ConfigurableApplicationContext context = start();
		jobs(context).enqueueAll(calls(3));
		await().pollInterval(Duration.ofMillis(1)).until(() -> letters(context).sent.size() == 3);
		context.close();
		assertThat(isEmpty()).isTrue();
	}

	@Test
	void isStoppedWhileItWaitsForMessages() {
		ConfigurableApplicationContext context = start("sqs.wait-time=20s");
		await().until(() -> calls(context).contains("ReceiveMessageRequest"));
		long start = System.nanoTime();
		context.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
	}

	@Test
	void givesBackWhatComesJustWhenItIsStopped() {
		ConfigurableApplicationContext context = start();
		await().until(() -> calls(context).contains("ReceiveMessageRequest"));
		Thread stop = new Thread(context::stop);
		stop.start();
		this.cloud.send("letters", "{}");
		await().until(() -> !stop.isAlive());
		await().until(() -> this.cloud.visible("letters") == 1);
		assertThat(letters(context).sent).isEmpty();
	}

	@Test
	void receivesAgainAfterTheContextWasStopped() {
		ConfigurableApplicationContext context = start();
		context.stop();
		jobs(context).enqueue(Letters::send, "Ada");
		context.start();
		await().until(() -> letters(context).sent.contains("Ada"));
	}

	@Test
	void receivesOnceTheQueueIsThere() {
		this.cloud.client().deleteQueue((request) -> request.queueUrl(this.cloud.url("letters")));
		ConfigurableApplicationContext context = start();
		try (CapturedLog log = new CapturedLog()) {
			await().until(() -> log.lines().stream().anyMatch((line) -> line.contains("Tried again in 2 s")));
			assertThat(log.lines()).anyMatch((line) -> line.startsWith("ERROR SQS has no queue for queue 'letters'")
					&& line.contains("'jobs.sqs.queues.letters.url'"));
		}
		this.cloud.createQueue("letters");
		jobs(context).enqueue(Letters::send, "Ada");
		await().until(() -> letters(context).sent.contains("Ada"));
	}

	@Test
	void receivesAgainAfterAnOutage() {
		ConfigurableApplicationContext context = start();
		await().until(() -> calls(context).contains("ReceiveMessageRequest"));
		try (CapturedLog log = new CapturedLog()) {
			this.cloud.stop();
			await().until(() -> log.lines().stream().anyMatch((line) -> line.contains("Tried again in ")));
			assertThat(log.lines()).anyMatch((line) -> line.startsWith("WARN SQS cannot be asked for messages")
					&& line.contains("'jobs.sqs.endpoint'"));
		}
		this.cloud.start();
		this.cloud.createQueue("letters");
		jobs(context).enqueue(Letters::send, "Ada");
		await().until(() -> letters(context).sent.contains("Ada"));
	}

	@Test
	void goesOnAfterAMessageThatNobodyCanRead() {
		ConfigurableApplicationContext context = start("sqs.concurrency=1");
		this.cloud.send("letters", "neither a job nor JSON");
		await().until(() -> this.cloud.hidden("letters") == 1);
		jobs(context).enqueue(Letters::send, "Ada");
		await().until(() -> letters(context).sent.contains("Ada") && this.cloud.visible("letters") == 0);
		List<Message> left = this.cloud.client()
			.receiveMessage((request) -> request.queueUrl(this.cloud.url("letters")).waitTimeSeconds(1))
			.messages();
		assertThat(left).as("put off, not deleted").isEmpty();
		assertThat(this.cloud.hidden("letters")).isEqualTo(1);
	}

	private static Stream<JobCall> calls(int count) {
		return IntStream.range(0, count).mapToObj((i) -> JobCall.of(Letters::send, "n" + i));
	}

	private ConfigurableApplicationContext start(String... more) {
		List<String> properties = new ArrayList<>(List.of(more));
		properties.add("sqs.endpoint=" + this.cloud.endpoint());
		ConfigurableApplicationContext context = SqsTestApplication.start(properties.toArray(String[]::new));
		this.contexts.put(context, context.getBean(Letters.class));
		return context;
	}

	private boolean isEmpty() {
		return this.cloud.isEmpty("letters");
	}

	private List<String> sent() {
		return this.contexts.values().stream().flatMap((letters) -> letters.sent.stream()).toList();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60));
	}

	private static JobDispatcher jobs(ConfigurableApplicationContext context) {
		return context.getBean(JobDispatcher.class);
	}

	private static FailingCalls network(ConfigurableApplicationContext context) {
		return context.getBean(FailingCalls.class);
	}

	private static List<String> calls(ConfigurableApplicationContext context) {
		return network(context).made;
	}

	private Letters letters(ConfigurableApplicationContext context) {
		return this.contexts.get(context);
	}

}
