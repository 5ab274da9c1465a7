package dev.backgroundjobs.adapter.sqs;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that sends, and a real SQS that it sends to.
 */
abstract class SqsApplicationFixture {

	final TestSqs sqs = new TestSqs();

	final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, SqsJobAutoConfiguration.class))
		.withBean(TestSqs.Credentials.class)
		.withBean("letters", Letters.class)
		.withPropertyValues(this.sqs.properties());

	@AfterEach
	void stop() {
		this.sqs.close();
	}

	static JobDispatcher jobs(ApplicationContext context) {
		return context.getBean(JobDispatcher.class);
	}

	static JobMessage message(String queue, int size) {
		return JobMessage
			.builder(UUID.randomUUID().toString(), "letters.send", queue, "[\"" + "x".repeat(size) + "\"]",
					Instant.parse("2026-06-01T12:00:00.123Z"))
			.build();
	}

	Message only(String url) {
		List<Message> messages = this.sqs.take(url);
		assertThat(messages).hasSize(1);
		return messages.get(0);
	}

	String count(String url) {
		return attribute(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
	}

	String delayed(String url) {
		return attribute(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
	}

	String attribute(String url, QueueAttributeName name) {
		return this.sqs.client()
			.getQueueAttributes((request) -> request.queueUrl(url).attributeNames(name))
			.attributes()
			.get(name);
	}

	static String attribute(Message message, String name) {
		return message.messageAttributes().get(name).stringValue();
	}

	static String group(Message message) {
		return message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID);
	}

	static JobMessage read(ApplicationContext context, Message message) {
		return context.getBean(JobMessageCodec.class)
			.decode(message.body().getBytes(StandardCharsets.UTF_8), true)
			.message();
	}

	static String argument(JobMessage message) {
		return JsonMapper.builder().build().readValue(message.args(), String[].class)[0];
	}

	static class Letters {

		@BackgroundJob
		void send(String text) {
		}

		@BackgroundJob(timeout = "60s")
		void print(String text) {
		}

	}

}
