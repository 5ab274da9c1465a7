package dev.backgroundjobs.docs;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.OnEvent;
import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.test.AutoConfigureJobsTester;
import dev.backgroundjobs.test.JobsTester;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of {@code docs/events.md}, and that of events in {@code docs/testing.md}.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureJobsTester
class EventPageTests {

	@Autowired
	private DeliveryProcessor processor;

	@Autowired
	private Documents documents;

	@Test
	void convertsWhatABucketHas() {
		assertThat(deliver("google.cloud.storage.object.v1.finalized",
				"//storage.googleapis.com/projects/_/buckets/invoices", "objects/in/2026/a.docx",
				"{\"bucket\":\"invoices\",\"name\":\"in/2026/a.docx\",\"generation\":\"1\"}"))
			.isEqualTo(Settlement.DONE);
		assertThat(this.documents.done).containsExactly("gs://invoices/in/2026/a.docx");
	}

	@Test
	void shipsWhatWasPublished() {
		assertThat(deliver("google.cloud.pubsub.topic.v1.messagePublished",
				"//pubsub.googleapis.com/projects/shop/subscriptions/orders", null,
				"{\"message\":{\"data\":\"eyJudW1iZXIiOjd9\",\"messageId\":\"1\"},\"subscription\":\"s\"}"))
			.isEqualTo(Settlement.DONE);
		assertThat(this.documents.done).containsExactly("Order[number=7]");
	}

	@Test
	void recordsAnyEventOfAType() {
		assertThat(deliver("com.example.order.cancelled", "/shop", null, "{}")).isEqualTo(Settlement.DONE);
		assertThat(this.documents.done).containsExactly("com.example.order.cancelled");
	}

	private Settlement deliver(String type, String source, String subject, String data) {
		this.documents.done.clear();
		CloudEventBuilder event = CloudEventBuilder.v1()
			.withId("1")
			.withType(type)
			.withSource(URI.create(source))
			.withData("application/json", data.getBytes(java.nio.charset.StandardCharsets.UTF_8));
		CloudEvent built = ((subject != null) ? event.withSubject(subject) : event).build();
		return this.processor.process(Delivery.pushed(new byte[0], true, 0, null).of(built));
	}

	@Test
	void convertsWhatIsUploaded(@Autowired JobsTester jobs) {
		this.documents.done.clear();
		CloudEvent event = CloudEventBuilder.v1()
			.withId("1")
			.withType("google.cloud.storage.object.v1.finalized")
			.withSource(URI.create("//storage.googleapis.com/projects/_/buckets/invoices"))
			.withSubject("objects/in/a.docx")
			.build();
		jobs.publish(event);
		jobs.publish(event); // a platform may
		assertThat(jobs).enqueued(Documents::convert).once();
		jobs.runDue();
		assertThat(this.documents.done).containsExactly("gs://invoices/in/a.docx");
	}

	@Configuration
	@EnableAutoConfiguration
	@Import(Documents.class)
	static class Application {

	}

	static class Documents {

		final List<String> done = new ArrayList<>();

		private final Converter converter = this.done::add;

		private final Shipping shipping = (order) -> this.done.add(order.toString());

		private final Audit audit = (id, type) -> this.done.add(type);

		@BackgroundJob(timeout = "5m")
		@OnEvent(type = "google.cloud.storage.object.v1.finalized", subject = "objects/in/**/*.docx")
		void convert(StorageObject document) {
			this.converter.convert(document.location()); // gs://invoices/in/2026/a.docx
		}

		@BackgroundJob
		@OnEvent(source = "//pubsub.googleapis.com/projects/*/subscriptions/orders")
		void ship(Order order) {
			this.shipping.ship(order);
		}

		@BackgroundJob
		@OnEvent(type = "com.example.*")
		void record(CloudEvent event) {
			this.audit.record(event.getId(), event.getType());
		}

	}

	record Order(int number) {
	}

	@FunctionalInterface
	interface Converter {

		void convert(String location);

	}

	@FunctionalInterface
	interface Shipping {

		void ship(Order order);

	}

	@FunctionalInterface
	interface Audit {

		void record(String id, String type);

	}

}
