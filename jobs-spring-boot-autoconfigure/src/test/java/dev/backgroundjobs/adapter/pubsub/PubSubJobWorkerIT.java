package dev.backgroundjobs.adapter.pubsub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.google.pubsub.v1.PubsubMessage;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is published, and what becomes of messages that are pulled, over Google's client
 * and emulator.
 */
@NeedsPubSubEmulator
class PubSubJobWorkerIT {

	private final PubSubEmulator cloud = PubSubEmulator.get();

	private final String topic = PubSubEmulator.id("letters");

	private final Map<ConfigurableApplicationContext, Letters> contexts = new LinkedHashMap<>();

	@BeforeEach
	void createTopic() {
		this.cloud.createTopic(this.topic);
		this.cloud.createSubscription(this.topic, this.topic, (subscription) -> {
		});
	}

	@AfterEach
	void stop() {
		this.contexts.keySet().forEach(ConfigurableApplicationContext::close);
	}

	@Test
	void publishesTheMessageWithWhatOthersMayWantToKnow() {
		JobDispatcher jobs = jobs(start("jobs.pubsub.worker.enabled=false"));
		String id = jobs.with(JobOptions.none().header("traceparent", "00-1-2-01")).enqueue(Letters::send, "Ada").id();
		PubsubMessage message = awaitOne(this.topic);
		assertThat(message.getAttributesMap()).containsEntry("job", "letters.send")
			.containsEntry("id", id)
			.containsEntry("queue", "default")
			.containsEntry("traceparent", "00-1-2-01");
		assertThat(message.getData().toStringUtf8()).contains("\"letters.send\"").contains("[\"Ada\"]");
		assertThat(message.getOrderingKey()).isEmpty();
	}

	@Test
	void namesTheTopicThatIsNotThere() {
		JobDispatcher jobs = jobs(start());
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> jobs.with(JobOptions.queue("missing")).enqueue(Letters::send, "Ada"))
			.withMessageContaining("no topic 'missing' for queue 'missing'")
			.withMessageContaining("jobs.pubsub.queues.missing.topic");
	}

	@Test
	void publishesToAnOrderedTopicAgainAfterAFailure() {
		String late = PubSubEmulator.id("late");
		JobDispatcher jobs = jobs(start("jobs.pubsub.queues.late.topic=" + late, "jobs.pubsub.queues.late.ordered=true",
				"jobs.pubsub.queues.late.max-delivery-attempts=25"))
			.with(JobOptions.queue("late"));
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> jobs.enqueue(Letters::send, "Ada"))
			.withMessageContaining("no topic");
		this.cloud.createTopic(late);
		this.cloud.createSubscription(late, late, (subscription) -> subscription.setEnableMessageOrdering(true));
		jobs.enqueue(Letters::send, "Grace");
		assertThat(awaitOne(late).getOrderingKey()).isEqualTo("late");
	}

	@Test
	void runsEachJobOnceThoughItIsStoppedInBetween() {
		ConfigurableApplicationContext first = start();
		jobs(first).enqueueAll(IntStream.range(0, 500).mapToObj((i) -> JobCall.of(Letters::send, "n" + i)));
		await().until(() -> letters(first).sent.size() >= 150);
		first.close();
		int sent = letters(first).sent.size();
		assertThat(sent).as("stopped before the end").isLessThan(500);
		ConfigurableApplicationContext second = start();
		await().until(() -> letters(second).sent.size() >= 500 - sent);
		second.close();
		assertThat(Stream.concat(letters(first).sent.stream(), letters(second).sent.stream())).hasSize(500)
			.doesNotHaveDuplicates();
	}

	@Test
	void keepsAMessageWhileItsJobRuns() {
		ConfigurableApplicationContext first = start();
		ConfigurableApplicationContext second = start();
		jobs(first).enqueue(Letters::hold);
		await().until(() -> letters(first).sent.size() + letters(second).sent.size() == 1);
		// The subscription's own deadline is 10 s.
		Awaitility.await()
			.during(Duration.ofSeconds(14))
			.atMost(Duration.ofSeconds(20))
			.until(() -> letters(first).sent.size() + letters(second).sent.size() == 1);
		letters(first).release.countDown();
		letters(second).release.countDown();
		await().until(() -> letters(first).sent.contains("released") || letters(second).sent.contains("released"));
		assertThat(letters(first).sent.size() + letters(second).sent.size()).isEqualTo(2);
	}

	@Test
	void publishesTheSuccessorOfAJobThatAShutdownStops() {
		ConfigurableApplicationContext first = start("spring.lifecycle.timeout-per-shutdown-phase=6s");
		jobs(first).enqueue(Letters::hold);
		await().until(() -> letters(first).sent.contains("held"));
		first.close();
		assertThat(letters(first).sent).containsExactly("held");
		assertThat(awaitOne(this.topic).getData().toStringUtf8()).as("the successor, not the message itself")
			.contains("\"interruptions\":1");
	}

	@Test
	void pullsAgainAfterTheContextWasStopped() {
		ConfigurableApplicationContext context = start();
		context.stop();
		jobs(context).enqueue(Letters::send, "Ada");
		context.start();
		await().until(() -> letters(context).sent.contains("Ada"));
	}

	@Test
	void pullsOnceTheSubscriptionIsThere() {
		this.cloud.deleteSubscription(this.topic);
		ConfigurableApplicationContext context = start();
		this.cloud.createSubscription(this.topic, this.topic, (subscription) -> {
		});
		jobs(context).enqueue(Letters::send, "Ada");
		await().until(() -> letters(context).sent.contains("Ada"));
	}

	@Test
	void keepsTheOrderOfEachGroup() {
		ConfigurableApplicationContext context = start(ordered(createOrdered()));
		OrderedLetters letters = context.getBean(OrderedLetters.class);
		letters.isReliable = true;
		letters.enqueueAll(jobs(context));
		await().until(() -> letters.sent() >= OrderedLetters.GROUPS * OrderedLetters.LETTERS);
		assertThat(letters.byGroup()).isEqualTo(OrderedLetters.inOrder());
	}

	// In what order the emulator, when it is pulled, gives what went back differs from
	// run
	// to run, other than Pub/Sub and its own pushes: PubSubKeysTests and PubSubDeliveryIT
	// look at the order after failures.
	@Test
	void runsEachMessageOfAGroupOnceThoughJobsFail() {
		ConfigurableApplicationContext context = start(ordered(createOrdered()));
		OrderedLetters letters = context.getBean(OrderedLetters.class);
		letters.enqueueAll(jobs(context));
		await().until(() -> letters.sent() >= OrderedLetters.GROUPS * OrderedLetters.LETTERS);
		OrderedLetters.inOrder()
			.forEach((group, expected) -> assertThat(letters.byGroup().get(group))
				.containsExactlyInAnyOrderElementsOf(expected));
		assertThat(letters.failures).isNotEmpty().doesNotHaveDuplicates();
	}

	@Test
	void leavesADeadJobToThePolicyOfTheSubscription() {
		String lost = PubSubEmulator.id("lost");
		String counted = PubSubEmulator.id("counted");
		this.cloud.createTopic(lost);
		this.cloud.createSubscription(lost, lost, (subscription) -> {
		});
		this.cloud.createTopic(counted);
		this.cloud.createSubscription(counted, counted,
				(subscription) -> subscription.setDeadLetterPolicy(PubSubEmulator.deadLetterPolicy(lost, 5)));
		ConfigurableApplicationContext context = start("jobs.pubsub.queues.counted.topic=" + counted,
				"jobs.pubsub.queues.counted.max-delivery-attempts=5", "jobs.pubsub.worker.release-delay=0s");
		jobs(context).enqueue(Letters::lose);
		assertThat(awaitOne(lost).getData().toStringUtf8()).contains("letters.lose");
		assertThat(letters(context).sent).as("released without another run").containsExactly("lost");
	}

	@Test
	void acknowledgesAMessageThatIsNoJob() {
		start("jobs.pubsub.worker.release-delay=0s");
		try (CapturedLog log = new CapturedLog()) {
			this.cloud.publish(this.topic, "{\"hello\":1}");
			await().until(() -> log.lines().stream().anyMatch((line) -> line.contains("google.cloud.pubsub.topic")));
			assertThat(log.lines()).filteredOn((line) -> line.startsWith("ERROR"))
				.allMatch((line) -> line.contains("has no subscription"));
		}
	}

	private String createOrdered() {
		String lost = PubSubEmulator.id("lost");
		String ordered = PubSubEmulator.id("ordered");
		this.cloud.createTopic(lost);
		this.cloud.createTopic(ordered);
		this.cloud.createSubscription(ordered, ordered, (subscription) -> subscription.setEnableMessageOrdering(true)
			.setDeadLetterPolicy(PubSubEmulator.deadLetterPolicy(lost, 50)));
		return ordered;
	}

	private static String[] ordered(String topic) {
		return new String[] { "jobs.pubsub.queues.ordered.topic=" + topic, "jobs.pubsub.queues.ordered.ordered=true",
				"jobs.pubsub.queues.ordered.max-delivery-attempts=50" };
	}

	private ConfigurableApplicationContext start(String... more) {
		List<String> arguments = new ArrayList<>(List.of("--spring.config.location=optional:classpath:/none/",
				"--spring.main.web-application-type=none", "--jobs.backend=pubsub",
				"--spring.cloud.gcp.core.enabled=true", "--spring.cloud.gcp.pubsub.enabled=true",
				"--spring.cloud.gcp.project-id=" + PubSubEmulator.PROJECT,
				"--spring.cloud.gcp.pubsub.emulator-host=" + this.cloud.host(),
				"--jobs.pubsub.queues.default.topic=" + this.topic));
		List<String> given = List.of(more);
		if (given.stream().noneMatch((property) -> property.startsWith("jobs.pubsub.worker.enabled"))) {
			arguments.add("--jobs.pubsub.worker.enabled=true");
		}
		given.forEach((property) -> arguments.add("--" + property));
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.run(arguments.toArray(String[]::new));
		this.contexts.put(context, context.getBean(Letters.class));
		return context;
	}

	private PubsubMessage awaitOne(String subscription) {
		List<PubsubMessage> taken = new ArrayList<>();
		await().until(() -> {
			taken.addAll(this.cloud.take(subscription));
			return !taken.isEmpty();
		});
		assertThat(taken).hasSize(1);
		return taken.get(0);
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60));
	}

	private static JobDispatcher jobs(ConfigurableApplicationContext context) {
		return context.getBean(JobDispatcher.class);
	}

	private Letters letters(ConfigurableApplicationContext context) {
		return this.contexts.get(context);
	}

	@Component
	static class Letters {

		final List<String> sent = new CopyOnWriteArrayList<>();

		final CountDownLatch release = new CountDownLatch(1);

		@BackgroundJob
		void send(String to) {
			this.sent.add(to);
		}

		@BackgroundJob(queue = "counted", maxAttempts = "1")
		void lose() {
			this.sent.add("lost");
			throw new IllegalStateException("never");
		}

		@BackgroundJob
		void hold() throws InterruptedException {
			this.sent.add("held");
			this.release.await();
			this.sent.add("released");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Letters.class, OrderedLetters.class })
	static class Application {

	}

}
