package dev.backgroundjobs.test;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOperationNotSupportedException;
import dev.backgroundjobs.JobOperations;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.CancellableBackend;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.execution.Lease;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every backend does, over whatever stands behind it. A backend that cannot do a
 * thing says so in its capabilities, and refuses it with a sentence.
 */
@Timeout(120)
public abstract class JobBackendContract {

	private ConfigurableApplicationContext context;

	private JobDispatcher jobs;

	private Recorder recorder;

	/**
	 * The value of {@code jobs.backend}.
	 */
	protected abstract String backend();

	/**
	 * Deliver what is due, where the platform does not do so by itself.
	 */
	protected void deliverDue(ConfigurableApplicationContext context) {
	}

	/**
	 * Properties of the application, as {@code name=value}.
	 */
	protected List<String> properties() {
		return List.of();
	}

	@BeforeEach
	void start() {
		List<String> properties = new ArrayList<>(properties());
		properties.add("jobs.backend=" + backend());
		properties.add("jobs.queues.doomed.dead-letter=" + (canHoldDeadLetters() ? "dead" : ""));
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(properties.toArray(String[]::new))
			.run();
		this.jobs = this.context.getBean(JobDispatcher.class);
		this.recorder = this.context.getBean(Recorder.class);
	}

	/**
	 * Whether the backend has queues that only keep.
	 */
	protected boolean canHoldDeadLetters() {
		return false;
	}

	@AfterEach
	void stop() {
		this.context.close();
	}

	@Test
	void runsAJobWithItsArgument() {
		Order order = new Order("o-1", new BigDecimal("12.50"), Instant.parse("2026-06-01T12:00:00.123Z"),
				List.of("a", "b"));
		EnqueuedJob enqueued = this.jobs.enqueue(Jobs::take, order);
		awaitRuns("take " + order + " attempt 1");
		assertThat(enqueued.job()).isEqualTo("jobs.take");
		assertThat(enqueued.queue()).isEqualTo("default");
		assertThat(enqueued.backendId()).isNotNull();
		assertThat(enqueued.runAt()).isNull();
	}

	@Test
	void carriesTextOfEveryScript() {
		String text = "Grüße, Καλημέρα, привет, 你好, שלום, 😀 \u0000 \u2028 \" \\ </script>";
		this.jobs.enqueue(Jobs::say, text);
		awaitRuns("say " + text);
	}

	@Test
	void carriesALargeArgument() {
		String text = "é".repeat(50_000);
		this.jobs.enqueue(Jobs::say, text);
		awaitRuns("say " + text);
	}

	@Test
	void refusesAMessageThatIsTooLarge() {
		String text = "x".repeat(capabilities().maxMessageBytes());
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> this.jobs.enqueue(Jobs::say, text))
			.withMessageMatching("(?s).*(bytes|beyond a limit).*");
		this.jobs.enqueue(Jobs::say, "next");
		awaitRuns("say next");
	}

	@Test
	void runsEveryJobOfABulk() {
		List<EnqueuedJob> enqueued = this.jobs
			.enqueueAll(IntStream.range(0, 25).mapToObj((i) -> JobCall.of(Jobs::say, "n" + i)));
		assertThat(enqueued).hasSize(25).extracting(EnqueuedJob::id).doesNotHaveDuplicates();
		await(() -> this.recorder.runs.size() == 25);
		assertThat(this.recorder.runs)
			.containsExactlyInAnyOrderElementsOf(IntStream.range(0, 25).mapToObj((i) -> "say n" + i).toList());
	}

	@Test
	void runsAJobByItsName() {
		this.jobs.enqueue("jobs.say", "by name");
		awaitRuns("say by name");
	}

	@Test
	void waitsForTheTimeOfADelayedJobOrRefusesIt() {
		Duration delay = Duration.ofMillis(700);
		if (capabilities().maxDelay().isZero()) {
			assertThatExceptionOfType(SchedulingNotSupportedException.class)
				.isThrownBy(() -> this.jobs.enqueueIn(delay, Jobs::say, "later"))
				.withMessageContaining("jobs.queues.default.delay-backend");
			return;
		}
		Instant before = Instant.now();
		EnqueuedJob enqueued = this.jobs.enqueueIn(delay, Jobs::say, "later");
		this.jobs.enqueue(Jobs::say, "now");
		awaitRuns("say now", "say later");
		assertThat(Instant.now()).isAfterOrEqualTo(before.plus(delay));
		assertThat(enqueued.runAt()).isAfterOrEqualTo(before.plus(delay));
	}

	@Test
	void runsAJobAtOnceWhoseTimeHasPassed() {
		this.jobs.enqueueAt(Instant.now().minusSeconds(60), Jobs::say, "overdue");
		awaitRuns("say overdue");
	}

	@Test
	void retriesAFailedJobUntilItSucceeds() {
		this.jobs.enqueue(Jobs::failTwice, "f");
		awaitRuns("failTwice f attempt 1", "failTwice f attempt 2", "failTwice f attempt 3");
		assertThat(this.recorder.dead).isEmpty();
	}

	@Test
	void saysThatAJobIsDeadAfterItsLastAttempt() {
		this.jobs.enqueue(Jobs::alwaysFail, "d");
		await(() -> !this.recorder.dead.isEmpty());
		assertThat(this.recorder.runs).containsExactly("alwaysFail d", "alwaysFail d");
		assertThat(this.recorder.dead).singleElement().satisfies((event) -> {
			assertThat(event.cause()).hasMessage("always");
			assertThat(event.keptIn()).isEqualTo(canHoldDeadLetters() ? "dead" : null);
			assertThat(event.message().args()).isEqualTo("[\"d\"]");
		});
	}

	@Test
	void carriesHeadersWithTheMessage() {
		this.jobs.with(JobOptions.none().header("tenant", "t-1")).enqueue(Jobs::readHeader);
		awaitRuns("header t-1");
	}

	@Test
	void takesAJobOnceForEachKeyWhereItCan() {
		JobDispatcher keyed = this.jobs.with(JobOptions.none().deduplicationKey("once"));
		EnqueuedJob first = keyed.enqueue(Jobs::say, "k");
		EnqueuedJob second = keyed.enqueue(Jobs::say, "k");
		assertThat(first.duplicate()).isFalse();
		assertThat(second.duplicate()).isEqualTo(capabilities().deduplicates());
		int runs = capabilities().deduplicates() ? 1 : 2;
		await(() -> this.recorder.runs.size() == runs);
	}

	@Test
	void runsAJobOnceThatIsEnqueuedTwiceWithItsId() {
		JobDispatcher same = this.jobs.with(JobOptions.none().id(UUID.randomUUID().toString()));
		same.enqueue(Jobs::say, "i");
		same.enqueue(Jobs::say, "i");
		this.jobs.enqueue(Jobs::say, "last");
		await(() -> this.recorder.runs.contains("say last"));
		assertThat(this.recorder.runs).containsExactlyInAnyOrder("say i", "say last");
	}

	@Test
	void runsWhatAJobEnqueues() {
		this.jobs.enqueue(Jobs::chain, 3);
		await(() -> this.recorder.runs.size() == 4);
		assertThat(this.recorder.runs).containsExactlyInAnyOrder("chain 3", "chain 2", "chain 1", "chain 0");
	}

	@Test
	void cancelsAJobOrSaysThatItCannot() {
		JobOperations operations = this.context.getBean(JobOperations.class);
		EnqueuedJob job = new EnqueuedJob(UUID.randomUUID().toString(), "jobs.say", "default", null, "none");
		if (this.context.getBean(JobBackend.class) instanceof CancellableBackend) {
			assertThat(operations.cancel(job)).isFalse();
		}
		else {
			assertThatExceptionOfType(JobOperationNotSupportedException.class).isThrownBy(() -> operations.cancel(job))
				.withMessage("Backend '" + backend() + "' of queue 'default' cannot cancel a job");
		}
	}

	@Test
	void refusesAForgedDelivery() {
		JobMessage message = JobMessage
			.builder(UUID.randomUUID().toString(), "jobs.say", "default", "[\"forged\"]", Instant.now())
			.build();
		byte[] body = this.context.getBean(JobMessageCodec.class).encode(message).bytes();
		Settlement settlement = this.context.getBean(DeliveryProcessor.class)
			.process(new Delivery(body, backend(), false, true, true, 0, null, new Lease()));
		assertThat(settlement).isEqualTo(Settlement.UNTRUSTED);
		assertThat(this.recorder.runs).isEmpty();
	}

	private BackendCapabilities capabilities() {
		return this.context.getBean(JobBackend.class).capabilities();
	}

	private void awaitRuns(String... runs) {
		await(() -> this.recorder.runs.size() >= runs.length);
		assertThat(this.recorder.runs).containsExactlyInAnyOrder(runs);
	}

	private void await(BooleanSupplier condition) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10)).until(() -> {
			deliverDue(this.context);
			return condition.getAsBoolean();
		});
	}

	public record Order(String id, BigDecimal price, Instant at, List<String> lines) {
	}

	static class Recorder {

		final List<String> runs = new CopyOnWriteArrayList<>();

		final List<DeadJobEvent> dead = new CopyOnWriteArrayList<>();

		@EventListener
		void died(DeadJobEvent event) {
			this.dead.add(event);
		}

	}

	static class Jobs {

		private final Recorder recorder;

		private final JobDispatcher jobs;

		Jobs(Recorder recorder, JobDispatcher jobs) {
			this.recorder = recorder;
			this.jobs = jobs;
		}

		@BackgroundJob
		void take(Order order) {
			this.recorder.runs.add("take " + order + " attempt " + JobContext.current().attempt());
		}

		@BackgroundJob
		void say(String text) {
			this.recorder.runs.add("say " + text);
		}

		@BackgroundJob(backoff = @Backoff(delay = "50ms"))
		void failTwice(String text) {
			int attempt = JobContext.current().attempt();
			this.recorder.runs.add("failTwice " + text + " attempt " + attempt);
			if (attempt < 3) {
				throw new IllegalStateException("not yet");
			}
		}

		@BackgroundJob(queue = "doomed", maxAttempts = "2", backoff = @Backoff(delay = "50ms"))
		void alwaysFail(String text) {
			this.recorder.runs.add("alwaysFail " + text);
			throw new IllegalStateException("always");
		}

		@BackgroundJob
		void readHeader() {
			Map<String, String> headers = JobContext.current().headers();
			this.recorder.runs.add("header " + headers.get("tenant"));
		}

		@BackgroundJob
		void chain(int left) {
			this.recorder.runs.add("chain " + left);
			if (left > 0) {
				this.jobs.enqueue(Jobs::chain, left - 1);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Recorder recorder() {
			return new Recorder();
		}

		@Bean
		Jobs jobs(Recorder recorder, JobDispatcher dispatcher) {
			return new Jobs(recorder, dispatcher);
		}

	}

}
