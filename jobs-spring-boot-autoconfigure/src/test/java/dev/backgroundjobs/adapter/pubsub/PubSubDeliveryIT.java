package dev.backgroundjobs.adapter.pubsub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.google.pubsub.v1.DeadLetterPolicy;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.PushConfig;
import com.google.pubsub.v1.Subscription;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;
import org.springframework.test.util.TestSocketUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Pub/Sub pushes and what it hears, over Google's client and emulator and real HTTP.
 */
@NeedsPubSubEmulator
class PubSubDeliveryIT {

	private static final String EMAIL = "invoker@paperwork.iam.gserviceaccount.com";

	private static final String AUDIENCE = "https://paperwork.example.com";

	private final PubSubEmulator cloud = PubSubEmulator.get();

	private final SigningRelay relay = new SigningRelay(AUDIENCE, EMAIL);

	private final String topic = PubSubEmulator.id("pushed");

	private final String lost = PubSubEmulator.id("lost");

	private ConfigurableApplicationContext context;

	@AfterEach
	void stop() {
		this.cloud.deleteSubscription(this.topic);
		if (this.context != null) {
			this.context.close();
		}
		this.relay.close();
	}

	@Test
	void pushesRunsAndHears204() {
		start((subscription) -> {
		});
		jobs().enqueue(Pushed::send, "Ada");
		await().untilAsserted(() -> assertThat(pushed().sent).containsExactly("Ada"));
		await().untilAsserted(() -> assertThat(this.relay.answers()).containsExactly(204));
	}

	@Test
	void replacesAFailedAttemptAtOnceWithoutADelayBackend() {
		start((subscription) -> {
		});
		jobs().enqueue(Pushed::failOnce);
		await().untilAsserted(() -> assertThat(pushed().sent).containsExactly("attempt 1", "attempt 2"));
		await().untilAsserted(() -> assertThat(this.relay.answers()).containsExactly(204, 204));
	}

	@Test
	void answers503WhileItDrainsAndRunsTheJobAfterwards() {
		start((subscription) -> {
		});
		DeliveryProcessor processor = this.context.getBean(DeliveryProcessor.class);
		processor.drain();
		jobs().enqueue(Pushed::send, "Ada");
		await().until(() -> this.relay.answers().contains(503));
		processor.open();
		await().untilAsserted(() -> assertThat(pushed().sent).containsExactly("Ada"));
	}

	@Test
	void stopsAJobBeforeItsMessageIsPushedAgain() {
		start((subscription) -> {
		});
		jobs().enqueue(Pushed::holdOnce);
		await().untilAsserted(() -> assertThat(pushed().sent).containsExactly("held", "stopped", "attempt 2"));
		assertThat(pushed().mostAtOnce).hasValue(1);
	}

	@Test
	void publishesACopyOfADeadJob() {
		start((subscription) -> {
		}, "jobs.queues.default.dead-letter=lost-letters", "jobs.pubsub.queues.lost-letters.topic=" + this.lost);
		jobs().enqueue(Pushed::lose);
		PubsubMessage copy = awaitOne(this.lost);
		assertThat(copy.getAttributesMap()).containsEntry("queue", "default").containsEntry("job", "pushed.lose");
		await().untilAsserted(() -> assertThat(this.relay.answers()).containsExactly(204, 204));
	}

	@Test
	void leavesADeadJobToThePolicyOfTheSubscription() {
		this.relay.count();
		start((subscription) -> subscription.setDeadLetterPolicy(policy(5)),
				"jobs.pubsub.queues.default.max-delivery-attempts=5");
		jobs().enqueue(Pushed::lose);
		PubsubMessage message = awaitOne(this.lost);
		assertThat(message.getData().toStringUtf8()).contains("pushed.lose").contains("\"attempt\":2");
		assertThat(pushed().sent).as("a dead job is released without another run").containsExactly("lost 1", "lost 2");
		assertThat(Set.copyOf(this.relay.answers())).containsExactlyInAnyOrder(204, 422);
	}

	@Test
	void keepsTheOrderOfEachGroupThoughJobsFail() {
		this.relay.count();
		this.relay.order("ordered");
		start((subscription) -> subscription.setEnableMessageOrdering(true).setDeadLetterPolicy(policy(50)),
				"jobs.pubsub.queues.ordered.topic=" + this.topic, "jobs.pubsub.queues.ordered.ordered=true",
				"jobs.pubsub.queues.ordered.max-delivery-attempts=50");
		OrderedLetters letters = this.context.getBean(OrderedLetters.class);
		letters.enqueueAll(jobs());
		await().until(() -> letters.sent() >= OrderedLetters.GROUPS * OrderedLetters.LETTERS);
		assertThat(letters.byGroup()).isEqualTo(OrderedLetters.inOrder());
		assertThat(letters.failures).hasSize(OrderedLetters.GROUPS * 3).doesNotHaveDuplicates();
	}

	@Test
	void movesAGroupOnAfterADeadJob() {
		this.relay.count();
		this.relay.order("ordered");
		start((subscription) -> subscription.setEnableMessageOrdering(true).setDeadLetterPolicy(policy(50)),
				"jobs.pubsub.queues.ordered.topic=" + this.topic, "jobs.pubsub.queues.ordered.ordered=true",
				"jobs.pubsub.queues.ordered.max-delivery-attempts=50", "jobs.queues.ordered.dead-letter=lost-letters",
				"jobs.pubsub.queues.lost-letters.topic=" + this.lost);
		OrderedLetters letters = this.context.getBean(OrderedLetters.class);
		JobDispatcher group = jobs().with(JobOptions.none().group("a"));
		group.enqueue(OrderedLetters::lose, new OrderedLetters.Letter("a", 0));
		group.enqueue(OrderedLetters::post, new OrderedLetters.Letter("a", 1));
		await().until(() -> letters.sent() == 1);
		assertThat(letters.failures).containsExactly("a0 attempt 1", "a0 attempt 2", "a0 attempt 3");
		assertThat(awaitOne(this.lost).getAttributesMap()).containsEntry("job", "orderedLetters.lose");
	}

	@Test
	void acknowledgesAMessageThatIsNoJob() {
		start((subscription) -> {
		});
		this.cloud.publish(this.topic, "{\"hello\":1}");
		await().untilAsserted(() -> assertThat(this.relay.answers()).containsExactly(204));
	}

	private void start(Consumer<Subscription.Builder> settings, String... more) {
		int port = TestSocketUtils.findAvailableTcpPort();
		this.relay.to("http://127.0.0.1:" + port + "/_jobs");
		this.cloud.createTopic(this.topic);
		this.cloud.createTopic(this.lost);
		this.cloud.createSubscription(this.lost, this.lost, (subscription) -> {
		});
		this.cloud.createSubscription(this.topic, this.topic, (subscription) -> {
			subscription.setPushConfig(PushConfig.newBuilder().setPushEndpoint(this.relay.address()));
			settings.accept(subscription);
		});
		List<String> arguments = new ArrayList<>(List.of("--spring.config.location=optional:classpath:/none/",
				"--server.port=" + port, "--jobs.backend=pubsub", "--spring.cloud.gcp.core.enabled=true",
				"--spring.cloud.gcp.pubsub.enabled=true", "--spring.cloud.gcp.project-id=" + PubSubEmulator.PROJECT,
				"--spring.cloud.gcp.pubsub.emulator-host=" + this.cloud.host(),
				"--jobs.google-oidc.audience=" + AUDIENCE, "--jobs.google-oidc.emails=" + EMAIL,
				"--jobs.google-oidc.jwk-set-uri=" + this.relay.jwkSetUri(),
				"--jobs.pubsub.queues.default.topic=" + this.topic));
		List.of(more).forEach((property) -> arguments.add("--" + property));
		this.context = new SpringApplicationBuilder(Application.class).run(arguments.toArray(String[]::new));
	}

	private DeadLetterPolicy policy(int attempts) {
		return PubSubEmulator.deadLetterPolicy(this.lost, attempts);
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

	private JobDispatcher jobs() {
		return this.context.getBean(JobDispatcher.class);
	}

	private Pushed pushed() {
		return this.context.getBean(Pushed.class);
	}

	@Component("pushed")
	static class Pushed {

		final List<String> sent = new CopyOnWriteArrayList<>();

		final AtomicInteger atOnce = new AtomicInteger();

		final AtomicInteger mostAtOnce = new AtomicInteger();

		@BackgroundJob
		void send(String to) {
			this.sent.add(to);
		}

		@BackgroundJob
		void failOnce() {
			int attempt = JobContext.current().attempt();
			this.sent.add("attempt " + attempt);
			if (attempt == 1) {
				throw new IllegalStateException("not yet");
			}
		}

		@BackgroundJob(maxAttempts = "2")
		void lose() {
			this.sent.add("lost " + JobContext.current().attempt());
			throw new IllegalStateException("never");
		}

		@BackgroundJob
		void holdOnce() throws InterruptedException {
			this.mostAtOnce.accumulateAndGet(this.atOnce.incrementAndGet(), Math::max);
			try {
				if (JobContext.current().attempt() > 1) {
					this.sent.add("attempt " + JobContext.current().attempt());
					return;
				}
				this.sent.add("held");
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				this.sent.add("stopped");
				throw ex;
			}
			finally {
				this.atOnce.decrementAndGet();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Pushed.class, OrderedLetters.class })
	static class Application {

	}

}
