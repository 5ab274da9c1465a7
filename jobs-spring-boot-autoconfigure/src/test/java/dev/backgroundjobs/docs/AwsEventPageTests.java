package dev.backgroundjobs.docs;

import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.OnEvent;
import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.adapter.aws.SqsBody;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.docs.EventPageTests.Converter;
import dev.backgroundjobs.docs.EventPageTests.Order;
import dev.backgroundjobs.docs.EventPageTests.Shipping;
import dev.backgroundjobs.test.AutoConfigureJobsTester;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of AWS in {@code docs/events.md}.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureJobsTester
class AwsEventPageTests {

	@Autowired
	private DeliveryProcessor processor;

	@Autowired
	private Documents documents;

	@Test
	void convertsWhatABucketHas() {
		assertThat(deliver("""
				{"Records":[{"eventSource":"aws:s3","awsRegion":"eu-central-1","eventTime":"2026-11-22T10:00:00.000Z",
				"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"invoices"},
				"object":{"key":"in/2026/a.docx","size":7,"sequencer":"0055AED6DCD90281E5"}}}]}"""))
			.isEqualTo(Settlement.DONE);
		assertThat(this.documents.done).containsExactly("s3://invoices/in/2026/a.docx");
	}

	@Test
	void shipsWhatWasPublished() {
		assertThat(deliver("""
				{"Type":"Notification","MessageId":"1","TopicArn":"arn:aws:sns:eu-central-1:123456789012:orders",
				"Message":"{\\"number\\":7}","Timestamp":"2026-11-22T10:00:00.000Z"}""")).isEqualTo(Settlement.DONE);
		assertThat(this.documents.done).containsExactly("Order[number=7]");
	}

	@Test
	void billsWhatABusTells() {
		assertThat(deliver("""
				{"version":"0","id":"1","detail-type":"order.placed","source":"com.example.shop","account":"1",
				"time":"2026-11-22T10:00:00Z","region":"eu-central-1","resources":[],"detail":{"number":7}}"""))
			.isEqualTo(Settlement.DONE);
		assertThat(this.documents.done).containsExactly("bill Order[number=7]");
	}

	private Settlement deliver(String body) {
		this.documents.done.clear();
		return this.processor.process(Delivery.pushed(new byte[0], true, 0, null).of(SqsBody.events(body).get(0)));
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

		private final Shipping billing = (order) -> this.done.add("bill " + order);

		@BackgroundJob(timeout = "5m")
		@OnEvent(type = "com.amazonaws.s3.ObjectCreated:*", source = "aws:s3.*.invoices",
				subject = "objects/in/**/*.docx")
		void convertUpload(StorageObject document) {
			this.converter.convert(document.location()); // s3://invoices/in/2026/a.docx
		}

		@BackgroundJob
		@OnEvent(source = "arn:aws:sns:*:*:orders")
		void shipPublished(Order order) {
			this.shipping.ship(order);
		}

		@BackgroundJob
		@OnEvent(type = "order.placed", source = "com.example.shop")
		void bill(Order order) {
			this.billing.ship(order);
		}

	}

}
