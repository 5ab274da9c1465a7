package dev.backgroundjobs.adapter.local;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.MutableClock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What stops, clocks and full memory may not do to a message of the local pool.
 */
@Timeout(60)
class LocalEdgeTests {

	private ConfigurableApplicationContext context;

	private JobDispatcher jobs;

	private Jobs bean;

	private void start(String... properties) {
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(properties)
			.run();
		this.jobs = this.context.getBean(JobDispatcher.class);
		this.bean = this.context.getBean(Jobs.class);
	}

	@AfterEach
	void stop() {
		this.bean.gate.release(10_000);
		this.context.close();
	}

	@Test
	void aStopCountsAsNoRedelivery() {
		start();
		this.context.getBean(DeliveryProcessor.class).drain();
		this.jobs.enqueue(Jobs::count);
		Awaitility.await().during(Duration.ofMillis(200)).until(() -> this.bean.counted.get() == 0);
		this.context.stop();
		this.context.start();
		Awaitility.await().until(() -> this.bean.counted.get() == 1);
	}

	@Test
	void runsNoMoreJobsAtOnceAfterARestartWithAJobThatDoesNotStop() {
		start("jobs.local.concurrency=1", "spring.lifecycle.timeout-per-shutdown-phase=1s");
		this.jobs.enqueue(Jobs::stubborn);
		Awaitility.await().until(() -> this.bean.running.get() == 1);
		this.context.stop();
		this.context.start();
		this.bean.release.countDown();
		Awaitility.await().until(() -> this.bean.running.get() == 0);
		this.bean.most.set(0);
		for (int i = 0; i < 4; i++) {
			this.jobs.with(JobOptions.queue("q" + i)).enqueue(Jobs::hold, "h" + i);
		}
		Awaitility.await().until(() -> this.bean.running.get() >= 1);
		Awaitility.await().during(Duration.ofMillis(300)).until(() -> true);
		this.bean.gate.release(10);
		Awaitility.await().until(() -> this.bean.ran.size() == 4);
		assertThat(this.bean.most.get()).isEqualTo(1);
	}

	@Test
	void findsRoomForSuccessorsInAFullMemory() {
		start("jobs.local.concurrency=1", "jobs.local.max-waiting=20KB");
		this.jobs.enqueue(Jobs::holdThenFailOnce, "x".repeat(2000));
		Awaitility.await().until(() -> this.bean.running.get() == 1);
		try {
			while (true) {
				this.jobs.enqueue(Jobs::count);
			}
		}
		catch (JobException ex) {
			assertThat(ex).hasMessageContaining("max-waiting");
		}
		this.bean.gate.release(10);
		Awaitility.await().until(() -> this.bean.ran.size() == 2);
		assertThat(this.bean.ran).containsExactly("attempt 1", "attempt 2");
	}

	@Test
	void losesNothingWhenTheClockOfSignaturesGoesBack() {
		start("jobs.local.concurrency=1", "jobs.signing.key-id=k1", "jobs.signing.keys.k1=" + TestKeys.secret("k1"));
		MutableClock clock = this.context.getBean(MutableClock.class);
		this.jobs.enqueue(Jobs::hold, "first");
		Awaitility.await().until(() -> this.bean.running.get() == 1);
		this.jobs.enqueue(Jobs::hold, "second");
		clock.advance(Duration.ofMinutes(-5));
		this.bean.gate.release(10);
		Awaitility.await().until(() -> this.bean.ran.contains("first"));
		Awaitility.await().during(Duration.ofMillis(500)).until(() -> true);
		clock.advance(Duration.ofMinutes(7));
		this.jobs.enqueue(Jobs::hold, "third");
		Awaitility.await().until(() -> this.bean.ran.contains("second"));
	}

	@Test
	void takesTheSameDeduplicationKeyOnceForEachQueue() {
		start();
		JobOptions key = JobOptions.none().deduplicationKey("order-17");
		assertThat(this.jobs.with(key).enqueue(Jobs::count).duplicate()).isFalse();
		assertThat(
				this.jobs.with(JobOptions.queue("mails").deduplicationKey("order-17")).enqueue(Jobs::count).duplicate())
			.isFalse();
		assertThat(this.jobs.with(key).enqueue(Jobs::count).duplicate()).isTrue();
	}

	@Test
	void forgetsADeduplicationKeyAfterADay() {
		start();
		JobOptions key = JobOptions.none().deduplicationKey("nightly");
		assertThat(this.jobs.with(key).enqueue(Jobs::count).duplicate()).isFalse();
		this.context.getBean(MutableClock.class).advance(Duration.ofHours(25));
		assertThat(this.jobs.with(key).enqueue(Jobs::count).duplicate()).isFalse();
	}

	static class Jobs {

		final List<String> ran = new CopyOnWriteArrayList<>();

		final AtomicInteger running = new AtomicInteger();

		final AtomicInteger most = new AtomicInteger();

		final AtomicInteger counted = new AtomicInteger();

		final Semaphore gate = new Semaphore(0);

		final CountDownLatch release = new CountDownLatch(1);

		@BackgroundJob
		void count() {
			this.counted.incrementAndGet();
		}

		@BackgroundJob
		void hold(String text) throws InterruptedException {
			this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
			this.gate.acquire();
			this.running.decrementAndGet();
			this.ran.add(text);
		}

		@BackgroundJob
		void stubborn() {
			this.running.incrementAndGet();
			while (this.release.getCount() > 0) {
				Thread.onSpinWait();
			}
			this.running.decrementAndGet();
		}

		@BackgroundJob(backoff = @Backoff(delay = "0s"))
		void holdThenFailOnce(String text) throws InterruptedException {
			int attempt = dev.backgroundjobs.JobContext.current().attempt();
			this.ran.add("attempt " + attempt);
			this.running.incrementAndGet();
			this.gate.acquire();
			if (attempt == 1) {
				throw new IllegalStateException("once " + "y".repeat(900));
			}
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
		MutableClock clock() {
			return new MutableClock(java.time.Instant.now());
		}

	}

}
