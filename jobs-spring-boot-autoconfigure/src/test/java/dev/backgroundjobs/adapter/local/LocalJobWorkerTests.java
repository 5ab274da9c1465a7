package dev.backgroundjobs.adapter.local;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOperations;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.JobStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class LocalJobWorkerTests {

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
		if (this.context != null) {
			this.bean.gate.release(10_000);
			this.context.close();
		}
	}

	@Test
	void runsNoMoreJobsAtOnceThanItsConcurrency() {
		start("jobs.local.concurrency=3");
		IntStream.range(0, 10).forEach((i) -> this.jobs.enqueue(Jobs::hold, "h" + i));
		Awaitility.await().until(() -> this.bean.running.get() == 3);
		this.bean.gate.release(10);
		Awaitility.await().until(() -> this.bean.ran.size() == 10);
		assertThat(this.bean.most.get()).isEqualTo(3);
	}

	@Test
	void runsNoMoreJobsOfAQueueThanItsConcurrencyWhileOthersGoOn() {
		start("jobs.local.concurrency=4", "jobs.local.queues.bulkmail.concurrency=1");
		JobDispatcher bulk = this.jobs.with(JobOptions.queue("bulk-mail"));
		IntStream.range(0, 5).forEach((i) -> bulk.enqueue(Jobs::hold, "h" + i));
		Awaitility.await().until(() -> this.bean.running.get() == 1);
		this.jobs.enqueue(Jobs::note, "n");
		Awaitility.await().until(() -> this.bean.ran.contains("n"));
		this.bean.gate.release(5);
		Awaitility.await().until(() -> this.bean.ran.size() == 6);
		assertThat(this.bean.most.get()).isEqualTo(1);
	}

	@Test
	void runsHigherPrioritiesFirstAndEqualOnesInTheirOrder() {
		start("jobs.local.concurrency=1");
		this.jobs.enqueue(Jobs::hold, "first");
		Awaitility.await().until(() -> this.bean.running.get() == 1);
		this.jobs.enqueue(Jobs::note, "a");
		this.jobs.with(JobOptions.none().priority(-1)).enqueue(Jobs::note, "low");
		this.jobs.with(JobOptions.none().priority(5)).enqueue(Jobs::note, "high");
		this.jobs.enqueue(Jobs::note, "b");
		this.bean.gate.release();
		Awaitility.await().until(() -> this.bean.ran.size() == 5);
		assertThat(this.bean.ran).containsExactly("first", "high", "a", "b", "low");
	}

	@Test
	void letsRunningJobsFinishAndSaysWhatItLeaves(CapturedOutput output) throws Exception {
		start("jobs.local.concurrency=1", "spring.lifecycle.timeout-per-shutdown-phase=20s");
		this.jobs.enqueue(Jobs::stopWhenAsked);
		EnqueuedJob left = this.jobs.enqueue(Jobs::note, "left");
		this.jobs.enqueueIn(Duration.ofHours(1), Jobs::note, "delayed");
		this.bean.started.await();
		this.context.close();
		assertThat(this.bean.ran).containsExactly("stopped when asked");
		assertThat(output).contains("2 jobs are left in memory and lost when the process ends: {jobs.note=2}")
			.contains(left.id());
	}

	@Test
	void interruptsAJobThatIsNotDoneInTimeAndSaysThatItIsLeft(CapturedOutput output) throws Exception {
		start("spring.lifecycle.timeout-per-shutdown-phase=2s");
		EnqueuedJob job = this.jobs.enqueue(Jobs::holdForever);
		this.bean.started.await();
		this.context.close();
		assertThat(this.bean.ran).containsExactly("interrupted");
		assertThat(output).contains("1 jobs are left in memory").contains(job.id());
	}

	@Test
	void saysNothingWhenNothingIsLeft(CapturedOutput output) {
		start();
		this.jobs.enqueue(Jobs::note, "n");
		Awaitility.await().until(() -> this.bean.ran.size() == 1);
		this.context.close();
		assertThat(output).doesNotContain("left in memory");
	}

	@Test
	void cancelsAndTellsTheStatusOfAJob() throws Exception {
		start("jobs.local.concurrency=1");
		JobOperations operations = this.context.getBean(JobOperations.class);
		EnqueuedJob running = this.jobs.enqueue(Jobs::hold, "running");
		Awaitility.await().until(() -> this.bean.running.get() == 1);
		EnqueuedJob queued = this.jobs.enqueue(Jobs::note, "queued");
		EnqueuedJob scheduled = this.jobs.enqueueIn(Duration.ofHours(1), Jobs::note, "scheduled");
		assertThat(operations.status(running)).isEqualTo(JobStatus.RUNNING);
		assertThat(operations.status(queued)).isEqualTo(JobStatus.QUEUED);
		assertThat(operations.status(scheduled)).isEqualTo(JobStatus.SCHEDULED);
		assertThat(operations.cancel(running)).isFalse();
		assertThat(operations.cancel(queued)).isTrue();
		assertThat(operations.cancel(queued)).isFalse();
		assertThat(operations.cancel(scheduled)).isTrue();
		assertThat(operations.status(queued)).isEqualTo(JobStatus.UNKNOWN);
		this.bean.gate.release();
		this.jobs.enqueue(Jobs::note, "last");
		Awaitility.await().until(() -> this.bean.ran.contains("last"));
		assertThat(this.bean.ran).containsExactly("running", "last");
	}

	@Test
	void refusesMoreThanItsMemoryHoldsAndLosesNothing() {
		start("jobs.local.concurrency=1", "jobs.local.max-waiting=20KB");
		this.jobs.enqueue(Jobs::hold, "first");
		Awaitility.await().until(() -> this.bean.running.get() == 1);
		AtomicInteger accepted = new AtomicInteger();
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> {
			while (true) {
				this.jobs.enqueue(Jobs::note, "n" + accepted.get());
				accepted.incrementAndGet();
			}
		}).withMessageContaining("jobs.local.max-waiting");
		this.bean.gate.release();
		Awaitility.await().until(() -> this.bean.ran.size() == accepted.get() + 1);
		this.jobs.enqueue(Jobs::note, "next");
		Awaitility.await().until(() -> this.bean.ran.contains("next"));
	}

	@Test
	void startsAgainAfterAStopOfTheContext() {
		start();
		this.jobs.enqueueIn(Duration.ofMillis(500), Jobs::note, "waits");
		this.context.stop();
		assertThat(this.bean.ran).isEmpty();
		this.context.start();
		Awaitility.await().until(() -> this.bean.ran.contains("waits"));
	}

	@Test
	void refusesAJobThatWouldBeLostAfterTheShutdown() {
		start();
		this.context.stop();
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> this.jobs.enqueue(Jobs::note, "late"))
			.withMessageContaining("the application shuts down");
	}

	@Test
	void warnsOfSettingsForAQueueThatNoJobHas(CapturedOutput output) {
		start("jobs.local.queues.defautl.concurrency=2");
		assertThat(output).contains("Property 'jobs.local.queues.defautl' names a queue that no job here declares: "
				+ "did you mean 'default'?");
	}

	@Test
	void saysThatAJobWithTheSameIdIsADuplicate() {
		start();
		JobDispatcher same = this.jobs.with(JobOptions.none().id("01a20188-6a28-71f0-afe3-49c324578c12"));
		assertThat(same.enqueue(Jobs::note, "a").duplicate()).isFalse();
		assertThat(same.enqueue(Jobs::note, "a").duplicate()).isTrue();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void runsOnVirtualThreadsWhereTheyAreEnabled() {
		start("spring.threads.virtual.enabled=true");
		this.jobs.enqueue(Jobs::noteThread);
		Awaitility.await().until(() -> this.bean.ran.size() == 1);
		assertThat(this.bean.ran.get(0)).contains("VirtualThread");
	}

	@Test
	void runsOnPlatformThreadsOtherwise() {
		start();
		this.jobs.enqueue(Jobs::noteThread);
		Awaitility.await().until(() -> this.bean.ran.size() == 1);
		assertThat(this.bean.ran.get(0)).doesNotContain("VirtualThread").contains("jobs-local-");
	}

	@Test
	void runsTenThousandJobsOnceEach() {
		start();
		IntStream.range(0, 10_000).forEach((i) -> this.jobs.enqueue(Jobs::count, i));
		Awaitility.await().until(() -> this.bean.counted.get() == 10_000);
		assertThat(this.bean.sum.get()).isEqualTo(9_999 * 10_000 / 2);
	}

	static class Jobs {

		final List<String> ran = new CopyOnWriteArrayList<>();

		final AtomicInteger running = new AtomicInteger();

		final AtomicInteger most = new AtomicInteger();

		final AtomicInteger counted = new AtomicInteger();

		final AtomicInteger sum = new AtomicInteger();

		final Semaphore gate = new Semaphore(0);

		final CountDownLatch started = new CountDownLatch(1);

		@BackgroundJob
		void hold(String text) throws InterruptedException {
			this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
			this.gate.acquire();
			this.running.decrementAndGet();
			this.ran.add(text);
		}

		@BackgroundJob
		void note(String text) {
			this.ran.add(text);
		}

		@BackgroundJob
		void noteThread() {
			this.ran.add(Thread.currentThread().toString());
		}

		@BackgroundJob
		void count(int number) {
			this.sum.addAndGet(number);
			this.counted.incrementAndGet();
		}

		@BackgroundJob
		void stopWhenAsked() {
			this.started.countDown();
			while (!JobContext.current().stopRequested()) {
				Thread.onSpinWait();
			}
			this.ran.add("stopped when asked");
		}

		@BackgroundJob
		void holdForever() throws InterruptedException {
			this.started.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				this.ran.add("interrupted");
				throw ex;
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

	}

}
