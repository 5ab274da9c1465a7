package dev.backgroundjobs.adapter.sqs;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.RecordingJobBackend;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Delays beyond the 900 s of one message, over an ElasticMQ whose clock is moved.
 */
@Timeout(120)
class SqsHopIT {

	private final TestSqs sqs = new TestSqs();

	@AfterEach
	void stop() {
		this.sqs.close();
	}

	private String delayed(String url) {
		return this.sqs.client()
			.getQueueAttributes((request) -> request.queueUrl(url)
				.attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
			.attributes()
			.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
	}

	@Test
	void aDelayBeyondFifteenMinutesIsCutIntoHopsAndNothingRunsBeforeItsTime() {
		String url = this.sqs.create("default");
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, SqsJobAutoConfiguration.class))
			.withBean(TestSqs.Credentials.class)
			.withBean(Clock.class, this.sqs::clock)
			.withBean("letters", Letters.class)
			.withPropertyValues(this.sqs.properties())
			.withPropertyValues("jobs.sqs.worker.enabled=true", "jobs.sqs.worker.wait-time=0s")
			.run((context) -> {
				List<String> sent = context.getBean(Letters.class).sent;
				context.getBean(JobDispatcher.class).enqueueIn(Duration.ofMinutes(40), Letters::send, "Ada");
				assertThat(delayed(url)).isEqualTo("1");
				for (int hop = 0; hop < 2; hop++) {
					this.sqs.advance(Duration.ofMinutes(15));
					// Gone for a moment, and on its way again.
					await().pollInterval(Duration.ofMillis(200)).until(() -> delayed(url).equals("1"));
					assertThat(sent).isEmpty();
				}
				this.sqs.advance(Duration.ofMinutes(9));
				await().pollDelay(Duration.ofSeconds(1)).until(() -> delayed(url).equals("1"));
				assertThat(sent).isEmpty();
				this.sqs.advance(Duration.ofMinutes(1));
				await().until(() -> sent.equals(List.of("Ada")));
			});
	}

	@Test
	void holdsDelayedMessagesOfAQueueThatIsElsewhere() {
		String url = this.sqs.create("default");
		RecordingJobBackend elsewhere = new RecordingJobBackend("elsewhere", BackendCapabilities.none().withDurable());
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, SqsJobAutoConfiguration.class))
			.withBean(TestSqs.Credentials.class)
			.withBean(Clock.class, this.sqs::clock)
			.withBean("elsewhere", JobBackend.class, () -> elsewhere)
			.withBean("letters", Letters.class)
			.withPropertyValues(this.sqs.properties())
			.withPropertyValues("jobs.backend=elsewhere", "jobs.queues.default.delay-backend=sqs",
					"jobs.sqs.worker.enabled=true", "jobs.sqs.worker.wait-time=0s")
			.run((context) -> {
				context.getBean(JobDispatcher.class).enqueueIn(Duration.ofMinutes(5), Letters::send, "Ada");
				assertThat(delayed(url)).isEqualTo("1");
				this.sqs.advance(Duration.ofMinutes(5));
				await().until(() -> elsewhere.sent.size() == 1);
				assertThat(elsewhere.sent.get(0).message().relay()).isFalse();
				assertThat(context.getBean(Letters.class).sent).isEmpty();
			});
	}

	static class Letters {

		final List<String> sent = new CopyOnWriteArrayList<>();

		@BackgroundJob
		void send(String text) {
			this.sent.add(text);
		}

	}

}
