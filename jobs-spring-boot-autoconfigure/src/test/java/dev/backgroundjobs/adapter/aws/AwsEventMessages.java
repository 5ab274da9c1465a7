package dev.backgroundjobs.adapter.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.OnEvent;
import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.definition.BackoffPolicy;
import dev.backgroundjobs.definition.JobDefaults;
import dev.backgroundjobs.definition.JobDefinitionScanner;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.event.CloudEventModule;
import dev.backgroundjobs.event.EventMessages;
import dev.backgroundjobs.message.ArgumentCodec;
import dev.backgroundjobs.message.JobMessage;
import io.cloudevents.CloudEvent;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/**
 * The messages of jobs that events of AWS start.
 */
final class AwsEventMessages {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T00:00:00Z"), ZoneOffset.UTC);

	private final EventMessages messages;

	AwsEventMessages() {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("jobs", new Jobs());
		JobDefinitions definitions = new JobDefinitionScanner(beans,
				new JobDefaults(5, new BackoffPolicy(Duration.ofSeconds(3), 2, Duration.ofHours(1), 0.15)))
			.scan();
		this.messages = new EventMessages(() -> definitions,
				new ArgumentCodec(JsonMapper.builder().build(), new CloudEventModule()),
				List.of(new AwsPlatformEvents()), true, CLOCK);
	}

	List<JobMessage> of(String body) {
		return AwsEventsTests.events(body).stream().flatMap((event) -> of(event).stream()).toList();
	}

	List<JobMessage> of(CloudEvent event) {
		return this.messages.messages(event);
	}

	record Order(int number) {
	}

	static class Jobs {

		@BackgroundJob
		@OnEvent(subject = "objects/**")
		void convert(StorageObject document) {
		}

		@BackgroundJob
		@OnEvent(source = "arn:aws:sns:*:*:documents")
		void ship(Order order) {
		}

		@BackgroundJob
		@OnEvent(type = "order.placed")
		void bill(Order order) {
		}

		@BackgroundJob
		@OnEvent(type = "com.example.**")
		void record(CloudEvent event) {
		}

	}

}
