package dev.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.delivery.JobDeliveryController;
import dev.backgroundjobs.delivery.JobWorker;
import dev.backgroundjobs.dispatch.UnknownBackendException;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.test.Letters.Letter;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.PropertySource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * With {@link AutoConfigureJobsTester} every queue goes to {@code test}, whatever the
 * properties say and from wherever they come.
 */
class JobsTesterOverrideTests {

	@Test
	void theseApplicationsDoNotStartWithoutTheTester() {
		assertThatThrownBy(() -> new SpringApplicationBuilder(JobsTesterTests.Application.class)
			.properties("jobs.backend=pigeon-post", "spring.main.web-application-type=none")
			.run()).hasRootCauseInstanceOf(UnknownBackendException.class);
	}

	@Nested
	@SpringBootTest(classes = { JobsTesterTests.Application.class, LateProperties.class },
			properties = { "jobs.backend=pigeon-post", "jobs.queues.mail.backend=carrier-pigeon",
					"jobs.queues.mail.dead-letter=undeliverable", "jobs.queues.undeliverable.backend=pigeon-post" },
			webEnvironment = WebEnvironment.NONE)
	@AutoConfigureJobsTester
	class WithoutTheLibrariesOfBackends {

		@Autowired
		JobDispatcher dispatcher;

		@Autowired
		JobsTester jobs;

		@Autowired
		TestJobBackend backend;

		@DynamicPropertySource
		static void properties(DynamicPropertyRegistry registry) {
			registry.add("jobs.queues.express.delay-backend", () -> "pigeon-post");
		}

		@Test
		void sendsJobsDelayedJobsAndDeadJobsToTheTestBackend() {
			this.dispatcher.enqueue(Letters::wash);
			this.dispatcher.with(JobOptions.queue("express")).enqueueIn(Duration.ofDays(400), Letters::wash);
			this.dispatcher.with(JobOptions.queue("late")).enqueue(Letters::wash);
			for (int i = 0; i < 3; i++) {
				this.jobs.nextRun(Letters::send).fails(new IllegalStateException("closed"));
			}
			this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
			assertThat(this.jobs.drain()).hasSize(6);
			assertThat(this.backend.deadLetters()).extracting(JobMessage::destination).containsExactly("undeliverable");
			assertThat(this.jobs.deadJobs()).hasSize(1);
		}

	}

	@Nested
	@SpringBootTest(classes = { JobsTesterTests.Application.class, OwnBackend.class }, properties = "jobs.backend=own",
			webEnvironment = WebEnvironment.NONE)
	@AutoConfigureJobsTester
	class WithAnOwnBackend {

		@Autowired
		JobDispatcher dispatcher;

		@Autowired
		JobsTester jobs;

		@Autowired
		RecordingWorker worker;

		@Test
		void doesNotUseItAndTakesNothingFromIt() {
			this.dispatcher.enqueue(Letters::wash);
			assertThat(this.jobs).enqueued(Letters::wash);
			assertThat(this.worker.started).isFalse();
		}

	}

	@Nested
	@SpringBootTest(classes = JobsTesterTests.Application.class, properties = "jobs.backend=pigeon-post")
	@AutoConfigureJobsTester
	class InAMockWebEnvironment {

		@Test
		void enqueuesToTheTester(@Autowired JobDispatcher dispatcher, @Autowired JobsTester jobs,
				@Autowired ApplicationContext context) {
			dispatcher.enqueue(Letters::wash);
			assertThat(jobs).enqueued(Letters::wash);
			assertThat(context.getBeansOfType(JobDeliveryController.class)).hasSize(1);
		}

	}

	@Nested
	@SpringBootTest(classes = JobsTesterTests.Application.class, properties = "jobs.backend=pigeon-post",
			webEnvironment = WebEnvironment.RANDOM_PORT)
	@AutoConfigureJobsTester
	class WithARealServer {

		@Test
		void enqueuesToTheTester(@Autowired JobDispatcher dispatcher, @Autowired JobsTester jobs) {
			dispatcher.enqueue(Letters::wash);
			assertThat(jobs).enqueued(Letters::wash);
			assertThat(jobs.runDue()).hasSize(1);
		}

	}

	@Nested
	@SpringBootTest(classes = JobsTesterTests.Application.class, webEnvironment = WebEnvironment.NONE)
	class WithoutTheAnnotation {

		@Test
		void keepsTheConfiguredBackend(@Autowired ApplicationContext context) {
			assertThat(context.getBean(JobBackend.class).name()).isEqualTo("local");
			assertThat(context.getBeansOfType(JobsTester.class)).isEmpty();
		}

	}

	/**
	 * Read while the context is refreshed, after everything a test can say.
	 */
	@Configuration(proxyBeanMethods = false)
	@PropertySource("classpath:dev/backgroundjobs/test/late.properties")
	static class LateProperties {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(RecordingWorker.class)
	static class OwnBackend {

		@Bean
		JobBackend ownBackend() {
			return new JobBackend() {

				@Override
				public String name() {
					return "own";
				}

				@Override
				public String enqueue(JobMessage message) {
					throw new IllegalStateException("the real thing");
				}

				@Override
				public String enqueueAt(JobMessage message, Instant time) {
					return enqueue(message);
				}

				@Override
				public BackendCapabilities capabilities() {
					return BackendCapabilities.none();
				}

			};
		}

	}

	static class RecordingWorker implements JobWorker {

		final AtomicBoolean started = new AtomicBoolean();

		@Override
		public void start() {
			this.started.set(true);
		}

		@Override
		public void stop(Duration grace) {
		}

	}

}
