package dev.backgroundjobs.test;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.message.JobMessage;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/**
 * The application that {@link JobBackendContract} runs, with jobs of every kind.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(JobsAutoConfiguration.class)
class ContractApplication {

	@Bean
	Recorder contractRecorder() {
		return new Recorder();
	}

	@Bean
	ContractJobs contractJobs(Recorder recorder, JobDispatcher jobs) {
		return new ContractJobs(recorder, jobs);
	}

	@Bean
	Keeper contractKeeper() {
		return new Keeper();
	}

	record Order(String id, BigDecimal price, Instant at, List<String> lines) {
	}

	/**
	 * What was run, and what died.
	 */
	static final class Recorder {

		private final Clock clock = Clock.systemUTC();

		private final List<String> runs = new CopyOnWriteArrayList<>();

		private final Map<String, Instant> times = new ConcurrentHashMap<>();

		private final List<DeadJobEvent> dead = new CopyOnWriteArrayList<>();

		List<String> runs() {
			return List.copyOf(this.runs);
		}

		List<DeadJobEvent> dead() {
			return List.copyOf(this.dead);
		}

		Instant time(String run) {
			return this.times.getOrDefault(run, Instant.MAX);
		}

		private void ran(String run) {
			this.times.put(run, this.clock.instant());
			this.runs.add(run);
		}

		@EventListener
		void died(DeadJobEvent event) {
			this.dead.add(event);
		}

	}

	static final class ContractJobs {

		private final Recorder recorder;

		private final JobDispatcher jobs;

		ContractJobs(Recorder recorder, JobDispatcher jobs) {
			this.recorder = recorder;
			this.jobs = jobs;
		}

		@BackgroundJob
		void take(Order order) {
			this.recorder.ran("take " + order + " attempt " + JobContext.current().attempt());
		}

		@BackgroundJob
		void say(String text) {
			this.recorder.ran("say " + text);
		}

		@BackgroundJob(backoff = @Backoff(delay = "300ms", multiplier = "2", jitterFactor = "0"))
		void failTwice(String text) {
			int attempt = JobContext.current().attempt();
			this.recorder.ran("failTwice " + text + " attempt " + attempt);
			if (attempt < 3) {
				throw new IllegalStateException("not yet");
			}
		}

		@BackgroundJob(queue = "doomed", maxAttempts = "2", backoff = @Backoff(delay = "50ms"))
		void alwaysFail(String text) {
			this.recorder.ran("alwaysFail " + text);
			throw new IllegalStateException("always");
		}

		@BackgroundJob(queue = "unkept", maxAttempts = "1")
		void failOnce(String text) {
			this.recorder.ran("failOnce " + text + " attempt " + JobContext.current().attempt());
			throw new IllegalStateException("once");
		}

		@BackgroundJob
		void readHeader() {
			Map<String, String> headers = JobContext.current().headers();
			this.recorder.ran("header " + headers.get("tenant"));
		}

		@BackgroundJob
		void chain(int left) {
			this.recorder.ran("chain " + left);
			if (left > 0) {
				this.jobs.enqueue(ContractJobs::chain, left - 1);
			}
		}

		@BackgroundJob
		void enqueueByPriority() {
			for (int priority : new int[] { 1, 9, 5 }) {
				this.jobs.with(JobOptions.none().priority(priority)).enqueue(ContractJobs::say, "priority " + priority);
			}
		}

	}

	/**
	 * A place for dead copies that takes nothing at first, so that the delivery of a dead
	 * job cannot be acknowledged.
	 */
	static final class Keeper implements JobBackend {

		private static final BackendCapabilities CAPABILITIES = BackendCapabilities.none()
			.withDurable()
			.withHoldsDeadLetters();

		private final List<JobMessage> kept = new CopyOnWriteArrayList<>();

		private volatile boolean refuses = true;

		@Override
		public String name() {
			return "contract-keeper";
		}

		@Override
		public String enqueue(JobMessage message) {
			if (this.refuses) {
				this.refuses = false;
				// Of all failures the one that is not tried again at once.
				throw new SchedulingNotSupportedException("Refused once, for the test");
			}
			this.kept.add(message);
			return message.deliveryKey();
		}

		@Override
		public String enqueueAt(JobMessage message, Instant time) {
			throw new SchedulingNotSupportedException("Backend 'contract-keeper' cannot delay");
		}

		@Override
		public BackendCapabilities capabilities() {
			return CAPABILITIES;
		}

		List<JobMessage> kept() {
			return List.copyOf(this.kept);
		}

	}

}
