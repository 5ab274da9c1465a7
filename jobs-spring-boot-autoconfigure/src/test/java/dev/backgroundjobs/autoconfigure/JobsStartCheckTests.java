package dev.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.time.Instant;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class JobsStartCheckTests {

	private static final String UNKEPT = "Dead jobs of queue 'reports' are kept nowhere";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, JobsAutoConfiguration.class,
				dev.backgroundjobs.adapter.local.LocalJobAutoConfiguration.class))
		.withUserConfiguration(Application.class);

	@Test
	void refusesADeadLetterQueueThatIsTheQueueItself() {
		this.runner.withPropertyValues("jobs.backend=platform", "jobs.queues.reports.dead-letter=reports")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("dead jobs would run again for ever"));
	}

	@Test
	void refusesADelayBackendThatForgetsWhatTheBackendKeeps() {
		this.runner.withPropertyValues("jobs.backend=platform", "jobs.queues.reports.delay-backend=local")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'local', which forgets messages that 'platform' would keep"));
	}

	@Test
	void refusesToRequireSignaturesThatItCannotMake() {
		this.runner.withPropertyValues("jobs.signing.required=true", "jobs.signing.keys.k1=" + TestKeys.secret("k1"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("would refuse its own jobs"));
	}

	@Test
	void warnsOfAQueueWhoseDeadJobsAreKeptNowhere(CapturedOutput output) {
		this.runner.withPropertyValues("jobs.backend=platform").run((context) -> assertThat(output).contains(UNKEPT));
	}

	@ParameterizedTest
	@ValueSource(strings = { "jobs.dead-letter.log-message=always", "jobs.encryption.key-id=e1" })
	void warnsOfNoQueueWhoseDeadJobsAreLogged(String property, CapturedOutput output) {
		this.runner
			.withPropertyValues("jobs.backend=platform", "jobs.encryption.keys.e1=" + TestKeys.secret("e1"), property)
			.run((context) -> assertThat(output).doesNotContain(UNKEPT));
	}

	@Test
	void startsWithADeadLetterQueueOfItsOwn() {
		this.runner.withPropertyValues("jobs.backend=platform", "jobs.queues.reports.dead-letter=reports-dead")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void doesNotCallADeadLetterQueueUnknown(CapturedOutput output) {
		this.runner
			.withPropertyValues("jobs.backend=platform", "jobs.queues.reports.dead-letter=reports-dead",
					"jobs.queues.reports-dead.backend=platform", "jobs.queues.nobodys.backend=platform")
			.run((context) -> assertThat(output).contains("'jobs.queues.nobodys' names a queue")
				.doesNotContain("'jobs.queues.reports-dead' names a queue"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Jobs jobs() {
			return new Jobs();
		}

		@Bean
		JobBackend platform() {
			return new Platform();
		}

	}

	static class Jobs {

		@BackgroundJob(queue = "reports")
		void generate() {
		}

	}

	static class Platform implements JobBackend {

		@Override
		public String name() {
			return "platform";
		}

		@Override
		public String enqueue(JobMessage message) {
			return message.deliveryKey();
		}

		@Override
		public String enqueueAt(JobMessage message, Instant time) {
			return message.deliveryKey();
		}

		@Override
		public BackendCapabilities capabilities() {
			return BackendCapabilities.none().withDurable().withMaxDelay(Duration.ofDays(1)).withHoldsDeadLetters();
		}

	}

}
