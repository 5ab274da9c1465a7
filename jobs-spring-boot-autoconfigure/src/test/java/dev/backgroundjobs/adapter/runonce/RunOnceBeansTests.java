package dev.backgroundjobs.adapter.runonce;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.execution.JobInterceptor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beans that are created only when they are needed miss nothing of a job.
 */
class RunOnceBeansTests {

	private final Seen seen = new Seen();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final OnceStart start = new OnceStart(Application.class).bean("seen", this.seen)
		.bean("meters", this.meters);

	@Test
	void listenersHearOfADeadJob() {
		assertThat(run("jobs.die")).isEqualTo(RunOnce.EXIT_NEVER);
		assertThat(this.seen.words).contains("annotated listener", "listener");
	}

	@Test
	void interceptorsAreCalled() {
		run("jobs.die");
		assertThat(this.seen.words).contains("interceptor");
	}

	@Test
	void runsAreObserved() {
		run("jobs.die");
		assertThat(this.seen.words).contains("observed jobs.execute");
	}

	@Test
	void whatBecomesOfTheMessageIsCounted() {
		run("jobs.die");
		assertThat(this.meters.getMeters()).extracting((meter) -> meter.getId().getName())
			.anyMatch((name) -> name.startsWith("jobs."));
	}

	@Test
	void whatIsEnqueuedInATransactionIsSentBeforeTheEnd() {
		assertThat(run("jobs.enqueueInATransaction")).isZero();
		assertThat(this.start.keeper.sent).singleElement()
			.satisfies((sent) -> assertThat(sent.message().job()).isEqualTo("jobs.die"));
	}

	private int run(String job) {
		return this.start.message(Probe.message(job, "[]")).run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Jobs jobs(JobDispatcher dispatcher) {
			return new Jobs(dispatcher);
		}

		@Bean
		Annotated annotated(Seen seen) {
			return new Annotated(seen);
		}

		@Bean
		Listener listener(Seen seen) {
			return new Listener(seen);
		}

		@Bean
		JobInterceptor interceptor(Seen seen) {
			return (context, run) -> {
				seen.words.add("interceptor");
				run.proceed();
			};
		}

		@Bean
		ObservationHandler<Observation.Context> handler(Seen seen) {
			return new Handler(seen);
		}

		@Bean
		String registryIsThere(MeterRegistry registry) {
			return registry.toString();
		}

	}

	static class Seen {

		final List<String> words = new CopyOnWriteArrayList<>();

	}

	static class Jobs {

		private final JobDispatcher dispatcher;

		Jobs(JobDispatcher dispatcher) {
			this.dispatcher = dispatcher;
		}

		@BackgroundJob(queue = "probes", maxAttempts = "1")
		void die() {
			throw new IllegalStateException("on purpose");
		}

		@BackgroundJob(queue = "probes")
		@Transactional
		public void enqueueInATransaction() {
			this.dispatcher.enqueue("jobs.die");
		}

	}

	static class Annotated {

		private final Seen seen;

		Annotated(Seen seen) {
			this.seen = seen;
		}

		@EventListener
		void dead(DeadJobEvent event) {
			this.seen.words.add("annotated listener");
		}

	}

	static class Listener implements ApplicationListener<PayloadApplicationEvent<DeadJobEvent>> {

		private final Seen seen;

		Listener(Seen seen) {
			this.seen = seen;
		}

		@Override
		public void onApplicationEvent(PayloadApplicationEvent<DeadJobEvent> event) {
			this.seen.words.add("listener");
		}

	}

	static class Handler implements ObservationHandler<Observation.Context> {

		private final Seen seen;

		Handler(Seen seen) {
			this.seen = seen;
		}

		@Override
		public void onStop(Observation.Context context) {
			this.seen.words.add("observed " + context.getName());
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
