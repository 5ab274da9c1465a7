package dev.backgroundjobs.observability;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.adapter.test.TestJobAutoConfiguration;
import dev.backgroundjobs.autoconfigure.HealthDetails;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsHealthAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsMetricsAutoConfiguration;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.MutableClock;
import dev.backgroundjobs.dispatch.DefaultEnqueueObservationConvention;
import dev.backgroundjobs.dispatch.EnqueueFailedEvent;
import dev.backgroundjobs.dispatch.EnqueueObservationContext;
import dev.backgroundjobs.dispatch.EnqueueObservationConvention;
import dev.backgroundjobs.execution.DefaultExecuteObservationConvention;
import dev.backgroundjobs.execution.ExecuteObservationContext;
import dev.backgroundjobs.execution.ExecuteObservationConvention;
import dev.backgroundjobs.execution.JobExecutor;
import dev.backgroundjobs.execution.Lease;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Sources;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.test.TestJobBackend;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.FilteredClassLoader.ClassFilter;
import org.springframework.boot.test.context.FilteredClassLoader.PackageFilter;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is counted, under names that do not grow with what arrives.
 */
class MetricsTests {

	private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withAllowCircularReferences(false)
		.withUserConfiguration(Application.class)
		.withPropertyValues("jobs.backend=test", "spring.cloud.gcp.core.enabled=false",
				"spring.cloud.gcp.pubsub.enabled=false");

	@Test
	void timesEnqueueingRunningAndWaiting() {
		run((app) -> {
			app.jobs.enqueue(Counted::succeed);
			app.clock.advance(Duration.ofSeconds(7));
			app.backend.runDue();
			assertThat(app
				.timer("jobs.enqueue", "job.name", "counted.succeed", "queue", "default", "backend", "test", "outcome",
						"sent", "error", "none")
				.count()).isOne();
			assertThat(app
				.timer("jobs.execute", "job.name", "counted.succeed", "queue", "default", "outcome", "succeeded",
						"error", "none")
				.count()).isOne();
			Timer wait = app.timer("jobs.queue.wait", "job.name", "counted.succeed", "queue", "default");
			assertThat(wait.totalTime(TimeUnit.SECONDS)).isEqualTo(7);
			assertThat(app.count("jobs.deliveries", "source", "test", "settlement", "done")).isOne();
		});
	}

	@Test
	void measuresTheWaitOfADelayedJobFromItsTime() {
		run((app) -> {
			app.jobs.enqueueIn(Duration.ofHours(1), Counted::succeed);
			app.clock.advance(Duration.ofSeconds(3_603));
			app.backend.runDue();
			assertThat(app.timer("jobs.queue.wait", "job.name", "counted.succeed").totalTime(TimeUnit.SECONDS))
				.isEqualTo(3);
		});
	}

	@Test
	void neverMeasuresANegativeWait() {
		run((app) -> {
			app.deliver(message("counted.succeed", "default", NOW.plusSeconds(1)));
			Timer wait = app.timer("jobs.queue.wait", "job.name", "counted.succeed");
			assertThat(wait.count()).isOne();
			assertThat(wait.totalTime(TimeUnit.SECONDS)).isZero();
		});
	}

	@Test
	void countsRetriesAndTheDead() {
		run((app) -> {
			app.jobs.enqueue(Counted::fail);
			for (int i = 0; i < 3; i++) {
				app.backend.runDue();
				app.clock.advance(Duration.ofHours(1));
			}
			assertThat(app.count("jobs.retries", "job.name", "counted.fail", "queue", "bulk")).isEqualTo(2);
			assertThat(
					app.count("jobs.dead", "job.name", "counted.fail", "queue", "bulk", "reason", "attempts-used-up"))
				.isOne();
			assertThat(app
				.timer("jobs.execute", "job.name", "counted.fail", "outcome", "failed", "error",
						"IllegalStateException")
				.count()).isEqualTo(3);
		});
	}

	@Test
	void countsTheDiscardedTheExpiredAndTheDeferred() {
		run((app) -> {
			app.jobs.enqueue(Counted::discard);
			app.jobs.with(JobOptions.none().expiresIn(Duration.ofSeconds(1))).enqueue(Counted::succeed);
			app.clock.advance(Duration.ofMinutes(1));
			app.backend.runDue();
			app.deliver(message("elsewhere.run", "default", NOW));
			assertThat(app.count("jobs.discarded", "job.name", "counted.discard", "queue", "default")).isOne();
			assertThat(app.count("jobs.expired", "job.name", "counted.succeed", "queue", "default")).isOne();
			assertThat(app.count("jobs.deferred")).isOne();
			assertThat(app.timer("jobs.execute", "job.name", "counted.discard", "outcome", "discarded", "error", "none")
				.count()).isOne();
		});
	}

	@Test
	void countsRunsThatAShutdownEnds() {
		run((app) -> {
			app.jobs.enqueue(Counted::untilInterrupted);
			app.backend.runDue();
			assertThat(app.count("jobs.interrupted", "job.name", "counted.untilInterrupted", "queue", "default"))
				.isOne();
			assertThat(
					app.timer("jobs.execute", "job.name", "counted.untilInterrupted", "outcome", "interrupted").count())
				.isOne();
		});
	}

	@Test
	void countsSlicesItemsAndWhatHappensInAnIteration() {
		run((app) -> {
			app.jobs.enqueue(Counted::walk);
			app.backend.runDue();
			app.clock.advance(Duration.ofSeconds(3));
			app.backend.runDue();
			String[] tags = { "job.name", "counted.walk", "queue", "default" };
			assertThat(app.count("jobs.iteration.slices", tags)).isEqualTo(2);
			assertThat(app.count("jobs.iteration.items", tags)).isEqualTo(5);
			assertThat(app.count("jobs.iteration.items.failed", tags)).isOne();
			assertThat(app.count("jobs.execute.iteration.started", "job.name", "counted.walk")).isOne();
			assertThat(app.count("jobs.execute.iteration.stopped", "job.name", "counted.walk")).isOne();
			assertThat(app.count("jobs.execute.iteration.resumed", "job.name", "counted.walk")).isOne();
			assertThat(app.count("jobs.execute.iteration.item.failed", "job.name", "counted.walk")).isOne();
			assertThat(app.count("jobs.execute.iteration.completed", "job.name", "counted.walk")).isOne();
			assertThat(app.timer("jobs.execute", "job.name", "counted.walk", "outcome", "stopped").count()).isOne();
		});
	}

	@Test
	void countsRefusedDeliveriesByReason() {
		run((app) -> {
			app.process(new byte[] { 'x' }, true);
			app.process("{}".getBytes(StandardCharsets.UTF_8), false);
			app.process("e30.e30.e30".getBytes(StandardCharsets.UTF_8), false);
			assertThat(app.count("jobs.deliveries.refused", "reason", "unreadable")).isOne();
			assertThat(app.count("jobs.deliveries.refused", "reason", "unsigned")).isOne();
			assertThat(app.count("jobs.deliveries.refused", "reason", "unknown-key")).isOne();
			assertThat(app.count("jobs.deliveries", "settlement", "untrusted")).isEqualTo(2);
		});
	}

	@Test
	void countsUnsignedDeliveriesOnTheWayToRequiringSignatures() {
		this.runner.withPropertyValues("jobs.signing.required=warn", "jobs.signing.keys.k1=" + TestKeys.secret("k1"))
			.run((context) -> {
				App app = new App(context);
				app.deliver(message("counted.succeed", "default", NOW));
				assertThat(app.count("jobs.deliveries.unsigned", "job.name", "counted.succeed", "queue", "default"))
					.isOne();
			});
	}

	@Test
	void countsJobsOfCommittedTransactionsThatWereNotSent() {
		run((app) -> {
			app.context.publishEvent(
					new EnqueueFailedEvent(message("counted.fail", "bulk", NOW), new IllegalStateException("down")));
			assertThat(app.count("jobs.enqueue.lost", "job.name", "counted.fail", "queue", "bulk")).isOne();
		});
	}

	@Test
	void countsRequestsAndBytesOfABackend() {
		run((app) -> {
			BackendRequests requests = app.context.getBean(BackendRequests.class);
			requests.count("cloud", "enqueue", 200);
			requests.count("cloud", "enqueue", 100);
			assertThat(app.count("jobs.backend.requests", "backend", "cloud", "operation", "enqueue")).isEqualTo(2);
			assertThat(app.count("jobs.backend.bytes", "backend", "cloud", "operation", "enqueue")).isEqualTo(300);
		});
	}

	@Test
	void addsNoTagForTwoThousandUnknownNames() {
		run((app) -> {
			unknownNames(app, 0, 10);
			List<Meter> before = app.meters();
			unknownNames(app, 10, 2_000);
			assertThat(app.meters()).hasSameSizeAs(before)
				.hasSizeGreaterThan(5)
				.allSatisfy((meter) -> assertThat(meter.getId().getTags())
					.noneSatisfy((tag) -> assertThat(tag.getValue()).matches(".*\\d.*")));
		});
	}

	private static void unknownNames(App app, int from, int to) {
		for (int i = from; i < to; i++) {
			String job = "job" + i;
			String queue = "q" + i;
			app.deliver(message(job, queue, NOW));
			app.deliver(message("counted.succeed", queue, NOW));
			app.jobs.with(JobOptions.queue(queue)).enqueue(job);
			app.jobs.with(JobOptions.queue(queue)).enqueue(Counted::succeed);
			app.jobs.enqueueAll(List.of(JobCall.of(Counted::succeed)));
			assertThatExceptionOfType(JobException.class).isThrownBy(() -> app.jobs.enqueue(job));
		}
		app.backend.clear();
	}

	@Test
	void showsABulkOfDifferentJobsAsSeveral() {
		run((app) -> {
			app.jobs.enqueueAll(List.of(JobCall.of(Counted::succeed), JobCall.of(Counted::fail)));
			assertThat(app.timer("jobs.enqueue", "job.name", "several", "queue", "several", "backend", "test").count())
				.isOne();
		});
	}

	@Test
	void sendsWithoutMetricsAndTracing() {
		new ApplicationContextRunner().withAllowCircularReferences(false)
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, JobsMetricsAutoConfiguration.class,
					JobsHealthAutoConfiguration.class, TestJobAutoConfiguration.class))
			.withUserConfiguration(Beans.class)
			.withPropertyValues("jobs.backend=test")
			.withClassLoader(new FilteredClassLoader(ClassFilter.of(HealthIndicator.class),
					PackageFilter.of("io.micrometer.core", "io.micrometer.tracing")))
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(BackendRequests.class);
				context.getBean(JobDispatcher.class).enqueue(Counted::succeed);
				assertThat(context.getBean(TestJobBackend.class).runDue()).hasSize(1);
			});
	}

	@Test
	void observesNothingWithoutARegistry() {
		new ApplicationContextRunner().withAllowCircularReferences(false)
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, TestJobAutoConfiguration.class))
			.withUserConfiguration(Beans.class)
			.withPropertyValues("jobs.backend=test")
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(ObservationRegistry.class);
				context.getBean(JobDispatcher.class).enqueue(Counted::succeed);
				assertThat(context.getBean(TestJobBackend.class).runDue()).hasSize(1);
			});
	}

	@Test
	void takesTheApplicationsConventions() {
		this.runner.withUserConfiguration(Conventions.class).run((context) -> {
			App app = new App(context);
			app.jobs.enqueue(Counted::succeed);
			app.backend.runDue();
			assertThat(app.timer("shop.jobs.enqueue", "job.name", "counted.succeed", "team", "shop").count()).isOne();
			assertThat(app.timer("jobs.execute", "job.name", "counted.succeed", "tenant", "t-1").count()).isOne();
		});
	}

	@Test
	void isHealthyUntilItDrains() {
		run((app) -> {
			HealthIndicator health = app.context.getBean("jobsHealthIndicator", HealthIndicator.class);
			Health up = health.health();
			assertThat(up.getStatus()).isEqualTo(Status.UP);
			assertThat(up.getDetails())
				.containsExactlyInAnyOrderEntriesOf(Map.of("backend", "test", "draining", false, "running", 0));
			app.context.getBean(DeliveryProcessor.class).drain();
			assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		});
	}

	@Test
	void tellsInItsHealthWhatAdaptersKnow() {
		this.runner.withBean(HealthDetails.class, () -> () -> Map.of("cluster", "far away"))
			.run((context) -> assertThat(
					context.getBean("jobsHealthIndicator", HealthIndicator.class).health().getDetails())
				.containsEntry("cluster", "far away")
				.containsEntry("backend", "test"));
	}

	@Test
	void hasNoHealthContributorWhereItIsSwitchedOff() {
		this.runner.withPropertyValues("management.health.jobs.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("jobsHealthIndicator"));
	}

	private void run(Consumer<App> test) {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(new App(context));
		});
	}

	private static JobMessage message(String job, String queue, Instant enqueuedAt) {
		return JobMessage.builder(UUID.randomUUID().toString(), job, queue, "[]", enqueuedAt).build();
	}

	/**
	 * The parts of a running application that these tests use.
	 */
	private static final class App {

		final AssertableApplicationContext context;

		final JobDispatcher jobs;

		final TestJobBackend backend;

		final MutableClock clock;

		final MeterRegistry registry;

		App(AssertableApplicationContext context) {
			this.context = context;
			this.jobs = context.getBean(JobDispatcher.class);
			this.backend = context.getBeanProvider(TestJobBackend.class).getIfAvailable();
			this.clock = context.getBean(MutableClock.class);
			this.registry = context.getBean(MeterRegistry.class);
		}

		void deliver(JobMessage message) {
			process(this.context.getBean(JobMessageCodec.class).encode(message).bytes(), true);
		}

		void process(byte[] body, boolean trusted) {
			this.context.getBean(DeliveryProcessor.class)
				.process(new Delivery(body, "test",
						trusted ? EnumSet.of(Trait.TRUSTED, Trait.DURABLE) : EnumSet.of(Trait.DURABLE), 0, null,
						new Lease(), null, null, null));
		}

		Timer timer(String name, String... tags) {
			return this.registry.get(name).tags(tags).timer();
		}

		List<Meter> meters() {
			return this.registry.getMeters()
				.stream()
				.filter((meter) -> meter.getId().getName().startsWith("jobs."))
				.toList();
		}

		double count(String name, String... tags) {
			return this.registry.get(name)
				.tags(tags)
				.counters()
				.stream()
				.mapToDouble((counter) -> counter.count())
				.sum();
		}

	}

	static class Counted {

		private final AtomicBoolean stopped = new AtomicBoolean();

		private final ObjectProvider<JobExecutor> executor;

		Counted(ObjectProvider<JobExecutor> executor) {
			this.executor = executor;
		}

		@BackgroundJob
		void succeed() {
		}

		@BackgroundJob(queue = "bulk", maxAttempts = "3")
		void fail() {
			throw new IllegalStateException("always");
		}

		@BackgroundJob
		Iteration<Long> walk() {
			return Iteration.over(Sources.range(0, 5)).each((item) -> {
				if (item == 1) {
					JobContext.current().requestStop();
				}
				if (item == 3) {
					throw new IllegalStateException("odd");
				}
			}).continueOnItemFailure(2);
		}

		@BackgroundJob
		void discard() {
			throw new DiscardJobException("never again");
		}

		@BackgroundJob
		void untilInterrupted() throws InterruptedException {
			if (this.stopped.getAndSet(true)) {
				return;
			}
			this.executor.getObject().shutdown(Duration.ZERO, Duration.ofMinutes(1));
			try {
				new CountDownLatch(1).await();
			}
			finally {
				// The run that follows is not to be ended, too.
				this.executor.getObject().open();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Beans {

		@Bean
		Counted counted(ObjectProvider<JobExecutor> executor) {
			return new Counted(executor);
		}

		@Bean
		MutableClock clock() {
			return new MutableClock(NOW);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application extends Beans {

		@Bean
		SimpleMeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Conventions {

		@Bean
		EnqueueObservationConvention enqueueConvention() {
			return new DefaultEnqueueObservationConvention() {

				@Override
				public String getName() {
					return "shop.jobs.enqueue";
				}

				@Override
				public KeyValues getLowCardinalityKeyValues(EnqueueObservationContext context) {
					return super.getLowCardinalityKeyValues(context).and("team", "shop");
				}

			};
		}

		@Bean
		ExecuteObservationConvention executeConvention() {
			return new DefaultExecuteObservationConvention() {

				@Override
				public KeyValues getLowCardinalityKeyValues(ExecuteObservationContext context) {
					return super.getLowCardinalityKeyValues(context).and("tenant", "t-1");
				}

			};
		}

	}

}
