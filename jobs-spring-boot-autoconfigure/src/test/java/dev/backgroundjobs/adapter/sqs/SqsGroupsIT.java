package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.adapter.sqs.SqsTestApplication.Groups;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The order of messages of a FIFO queue, over the SDK and ElasticMQ.
 */
@Timeout(120)
class SqsGroupsIT {

	private final SqsServer cloud = new SqsServer();

	private final Map<ConfigurableApplicationContext, Groups> contexts = new LinkedHashMap<>();

	@BeforeEach
	void createQueue() {
		this.cloud.createQueue("groups.fifo");
	}

	@AfterEach
	void stop() {
		this.contexts.keySet().forEach(ConfigurableApplicationContext::close);
		this.cloud.close();
	}

	@Test
	void keepsTheOrderOfEachGroupThoughJobsFail() {
		ConfigurableApplicationContext context = start("sqs.enabled=false");
		for (int group = 0; group < Groups.GROUPS; group++) {
			Groups.enqueue(jobs(context), "g" + group, Groups.LETTERS);
		}
		Groups worker = groups(start());
		await().until(this::isEmpty);
		assertThat(worker.sent).hasSize(Groups.GROUPS)
			.allSatisfy((group, numbers) -> assertThat(numbers).isEqualTo(upTo(Groups.LETTERS)));
		assertThat(worker.started).as("numbers 3 and 8 of each group twice")
			.hasSize(Groups.GROUPS * (Groups.LETTERS + 2));
	}

	@Test
	void keepsTheOrderOfEachGroupOverTwoInstancesOfWhichOneIsStopped() {
		ConfigurableApplicationContext first = start();
		ConfigurableApplicationContext second = start();
		for (int group = 0; group < Groups.GROUPS; group++) {
			Groups.enqueue(jobs(first), "g" + group, Groups.LETTERS);
		}
		await().pollInterval(Duration.ofMillis(5))
			.until(() -> groups(first).started.size() + groups(second).started.size() > 15);
		first.close();
		await().until(this::isEmpty);
		Map<String, List<Integer>> sent = new TreeMap<>();
		this.contexts.values()
			.forEach((groups) -> groups.sent
				.forEach((group, numbers) -> sent.computeIfAbsent(group, (name) -> new ArrayList<>()).addAll(numbers)));
		assertThat(sent).hasSize(Groups.GROUPS)
			.allSatisfy(
					(group, numbers) -> assertThat(numbers).containsExactlyInAnyOrderElementsOf(upTo(Groups.LETTERS)));
		this.contexts.values()
			.forEach(
					(groups) -> assertThat(groups.sent).allSatisfy((group, numbers) -> assertThat(numbers).isSorted()));
	}

	@Test
	void runsOneOfAGroupAtATimeAndSeveralGroupsAtOnce() {
		ConfigurableApplicationContext context = start("sqs.enabled=false");
		Groups.enqueue(jobs(context), "g0", 3);
		Groups.enqueue(jobs(context), "g1", 3);
		ConfigurableApplicationContext holding = start("groups.hold=true");
		await().until(() -> groups(holding).started.size() == 2);
		Awaitility.await()
			.during(Duration.ofSeconds(1))
			.atMost(Duration.ofSeconds(10))
			.until(() -> groups(holding).started.size() == 2);
		assertThat(groups(holding).started).containsExactlyInAnyOrder("g00", "g10");
		groups(holding).release.countDown();
		await().until(this::isEmpty);
		assertThat(groups(holding).sent.values()).allMatch((numbers) -> numbers.equals(upTo(3)));
	}

	@Test
	void givesBackWhatWaitsInAGroupWhenItIsStopped() throws InterruptedException {
		ConfigurableApplicationContext context = start("sqs.enabled=false");
		Groups.enqueue(jobs(context), "g0", 4);
		ConfigurableApplicationContext holding = start("groups.hold=true");
		await().until(() -> groups(holding).started.size() == 1 && this.cloud.hidden("groups.fifo") == 4);
		DeliveryProcessor processor = holding.getBean(DeliveryProcessor.class);
		Thread stop = new Thread(holding::close);
		stop.start();
		await().until(processor::isDraining);
		groups(holding).release.countDown();
		stop.join();
		assertThat(groups(holding).started).containsExactly("g00");
		assertThat(this.cloud.hidden("groups.fifo")).isZero();
		assertThat(this.cloud.visible("groups.fifo")).isEqualTo(3);
		Groups next = groups(start());
		await().untilAsserted(() -> assertThat(next.sent.get("g0")).containsExactly(1, 2, 3));
		await().until(this::isEmpty);
	}

	private static List<Integer> upTo(int count) {
		return IntStream.range(0, count).boxed().toList();
	}

	private ConfigurableApplicationContext start(String... more) {
		List<String> properties = new ArrayList<>(List.of(more));
		properties.addAll(List.of("sqs.endpoint=" + this.cloud.endpoint(), "sqs.queues=groups"));
		ConfigurableApplicationContext context = SqsTestApplication.start(properties.toArray(String[]::new));
		this.contexts.put(context, context.getBean(Groups.class));
		return context;
	}

	private boolean isEmpty() {
		return this.cloud.isEmpty("groups.fifo");
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60));
	}

	private static JobDispatcher jobs(ConfigurableApplicationContext context) {
		return context.getBean(JobDispatcher.class);
	}

	private Groups groups(ConfigurableApplicationContext context) {
		return this.contexts.get(context);
	}

}
