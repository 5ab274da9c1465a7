package dev.backgroundjobs.event;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.OnEvent;
import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;
import io.cloudevents.CloudEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What starts jobs without having been enqueued, as it comes over HTTP: what Pub/Sub
 * pushes, and events in both forms.
 */
@ExtendWith(OutputCaptureExtension.class)
class EventDeliveryTests {

	private static final String SUBSCRIPTION = "projects/paperwork/subscriptions/documents";

	private static final HttpClient http = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext context;

	private static int port;

	@BeforeAll
	static void start() {
		context = new SpringApplicationBuilder(Application.class).run(
				"--spring.config.location=optional:classpath:/none/", "--server.port=0", "--jobs.backend=local",
				"--jobs.retry.backoff.delay=10ms", "--bucket=contracts");
		port = ((WebServerApplicationContext) context).getWebServer().getPort();
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@BeforeEach
	void forget() {
		Jobs.runs.clear();
	}

	// As Google sends it: both spellings, attributes, the object's resource as data.
	private static String notification(String type, String bucket, String object, String generation) {
		return notification(type, bucket, object, generation, "1");
	}

	private static String notification(String type, String bucket, String object, String generation,
			String metageneration) {
		String data = """
				{
				  "kind": "storage#object",
				  "id": "%1$s/%2$s/%3$s",
				  "name": "%2$s",
				  "bucket": "%1$s",
				  "generation": "%3$s",
				  "metageneration": "%4$s",
				  "contentType": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
				  "timeCreated": "2026-11-22T10:00:00.123Z",
				  "updated": "2026-11-22T10:00:00.123Z",
				  "size": "4711"
				}
				""".formatted(bucket, object, generation, metageneration);
		String id = Long.toString(UUID.randomUUID().getMostSignificantBits() >>> 1);
		return """
				{"message":{"attributes":{"bucketId":"%s","eventTime":"2026-11-22T10:00:00.123456Z","eventType":"%s",\
				"notificationConfig":"projects/_/buckets/%s/notificationConfigs/1","objectGeneration":"%s","objectId":"%s",\
				"payloadFormat":"JSON_API_V1"},"data":"%s","messageId":"%s","message_id":"%s",\
				"publishTime":"2026-11-22T10:00:01.5Z","publish_time":"2026-11-22T10:00:01.5Z"},"subscription":"%s"}"""
			.formatted(bucket, type, bucket, generation, object.replace("\\", "\\\\").replace("\"", "\\\""),
					base64(data), id, id, SUBSCRIPTION);
	}

	private static String published(String data, String more) {
		String id = UUID.randomUUID().toString();
		return """
				{"subscription":"%s","message":{"data":"%s","messageId":"%s","message_id":"%s",\
				"publishTime":"2026-11-22T10:00:01.5Z","publish_time":"2026-11-22T10:00:01.5Z"%s}}"""
			.formatted(SUBSCRIPTION.replace("documents", "orders"), base64(data), id, id, more);
	}

	private static String base64(String text) {
		return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	private static int post(String body, String... headers) throws Exception {
		List<String> all = new ArrayList<>(List.of("Authorization", "Bearer good"));
		if (!List.of(headers).contains("Content-Type")) {
			all.addAll(List.of("Content-Type", "application/json"));
		}
		all.addAll(List.of(headers));
		return send(body.getBytes(StandardCharsets.UTF_8), all);
	}

	private static int send(byte[] body, List<String> headers) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/_jobs"))
			.headers(headers.toArray(String[]::new))
			.POST(BodyPublishers.ofByteArray(body))
			.build();
		return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
	}

	@Test
	void aNotificationStartsItsJobWithTheObject() throws Exception {
		assertThat(post(notification("OBJECT_FINALIZE", "invoices", "in/a b.docx", "1700000000000001"))).isEqualTo(204);
		assertThat(Jobs.runs).containsExactly("convert StorageObject[provider=gcp, bucket=invoices, name=in/a b.docx, "
				+ "generation=1700000000000001, size=4711, contentType=application/vnd.openxmlformats-officedocument."
				+ "wordprocessingml.document, time=2026-11-22T10:00:00.123456Z] "
				+ "gcp/invoices/in/a b.docx/1700000000000001/google.cloud.storage.object.v1.finalized");
	}

	@Test
	void aRepeatedNotificationRunsOnceAndAnOverwrittenObjectAgain() throws Exception {
		assertThat(post(notification("OBJECT_FINALIZE", "invoices", "in/x.docx", "1"))).isEqualTo(204);
		// Another message of Pub/Sub about the same generation.
		assertThat(post(notification("OBJECT_FINALIZE", "invoices", "in/x.docx", "1"))).isEqualTo(204);
		assertThat(post(notification("OBJECT_FINALIZE", "invoices", "in/x.docx", "2"))).isEqualTo(204);
		assertThat(Jobs.runs).hasSize(2);
	}

	@Test
	void eachChangeOfAnObjectsMetadataIsAnEventOfItsOwn() throws Exception {
		assertThat(post(notification("OBJECT_METADATA_UPDATE", "invoices", "m.docx", "1", "2"))).isEqualTo(204);
		assertThat(post(notification("OBJECT_METADATA_UPDATE", "invoices", "m.docx", "1", "3"))).isEqualTo(204);
		assertThat(post(notification("OBJECT_METADATA_UPDATE", "invoices", "m.docx", "1", "3"))).isEqualTo(204);
		assertThat(Jobs.runs).containsExactly("changed m.docx", "changed m.docx");
	}

	@ParameterizedTest
	@CsvSource({ "OBJECT_METADATA_UPDATE, 7", "OBJECT_FINALIZE, ''" })
	void whatDoesNotSayWhichVersionItIsAboutIsToldByItsMessage(String type, String generation) throws Exception {
		String body = """
				{"message":{"attributes":{"bucketId":"versions","objectId":"%1$s","objectGeneration":"%2$s",\
				"eventType":"%1$s","payloadFormat":"NONE"},"messageId":"%3$s"},"subscription":"s"}""";
		for (String id : List.of("1", "2", "2")) {
			assertThat(post(body.formatted(type, generation, id))).isEqualTo(204);
		}
		assertThat(Jobs.runs).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "in/{name}.docx", "in/*.docx", "in/?/deep/ü (1).docx", "in/**/$.docx" })
	void charactersOfPatternsInNamesAreData(String name) throws Exception {
		assertThat(post(notification("OBJECT_FINALIZE", "invoices", name, "1"))).isEqualTo(204);
		assertThat(Jobs.runs).singleElement().asString().contains("name=" + name + ",");
	}

	@ParameterizedTest
	@CsvSource({ "OBJECT_FINALIZE, in/A.DOCX", "OBJECT_FINALIZE, out/a.docx", "OBJECT_DELETE, in/b.docx",
			"OBJECT_FINALIZE, In/a.docx" })
	void otherObjectsStartNothing(String type, String name) throws Exception {
		assertThat(post(notification(type, "invoices", name, "1"))).isEqualTo(204);
		assertThat(Jobs.runs).isEmpty();
	}

	@Test
	void aNotificationWithoutPayloadNamesTheObject() throws Exception {
		assertThat(post("""
				{"message":{"attributes":{"bucketId":"invoices","objectId":"in/none.docx","objectGeneration":"7",\
				"eventType":"OBJECT_FINALIZE","payloadFormat":"NONE","eventTime":"2026-11-22T10:00:00Z"},\
				"messageId":"1"},"subscription":"s"}""")).isEqualTo(204);
		assertThat(Jobs.runs).singleElement()
			.asString()
			.contains("name=in/none.docx, generation=7, size=-1, contentType=null");
	}

	@Test
	void placeholdersInPatternsAreResolved() throws Exception {
		assertThat(post(notification("OBJECT_ARCHIVE", "contracts", "any", "1"))).isEqualTo(204);
		assertThat(post(notification("OBJECT_ARCHIVE", "others", "any", "1"))).isEqualTo(204);
		assertThat(Jobs.runs).containsExactly("archived contracts");
	}

	@Test
	void aTypeOfOnesOwnIsReadFromWhatWasPublished() throws Exception {
		assertThat(post(published("{\"number\": 7, \"price\": 1.10, \"new\": true}", ""))).isEqualTo(204);
		assertThat(Jobs.runs).containsExactly("ship Order[number=7, price=1.10]");
	}

	@Test
	void unwrappedMessagesAreTheSame() throws Exception {
		assertThat(post("{\"number\": 8, \"price\": 2}", "x-goog-pubsub-message-id", "12",
				"x-goog-pubsub-subscription-name", SUBSCRIPTION.replace("documents", "orders"),
				"x-goog-pubsub-publish-time", "2026-11-22T10:00:01.5Z"))
			.isEqualTo(204);
		assertThat(post("", "Content-Type", "application/octet-stream", "x-goog-pubsub-message-id", "13",
				"x-goog-pubsub-subscription-name", SUBSCRIPTION, "bucketid", "invoices", "objectid", "in/u.docx",
				"objectgeneration", "3", "eventtype", "OBJECT_FINALIZE"))
			.isEqualTo(204);
		assertThat(Jobs.runs).hasSize(2).contains("ship Order[number=8, price=2]");
		assertThat(Jobs.runs.get(1)).contains("name=in/u.docx, generation=3");
	}

	@Test
	void credentialsOfTheRequestAreNoAttributesOfAMessage() throws Exception {
		assertThat(post("{}", "x-goog-pubsub-message-id", "14", "x-goog-pubsub-subscription-name",
				SUBSCRIPTION.replace("documents", "seen"), "X-Serverless-Authorization", "Bearer secret", "Cookie",
				"secret", "colour", "red"))
			.isEqualTo(204);
		assertThat(Jobs.runs).singleElement()
			.asString()
			.contains("\"colour\":\"red\"")
			.doesNotContain("secret", "good");
	}

	@Test
	void aJobOfOursIsRunWhicheverWayItWasPublished() throws Exception {
		String message = "{\"v\":1,\"id\":\"%s\",\"seq\":0,\"job\":\"jobs.plain\",\"queue\":\"default\",\"args\":[\"%s\"],"
				+ "\"attempt\":1,\"enqueuedAt\":\"2026-11-22T10:00:00Z\"}";
		String ours = ",\"attributes\":{\"job\":\"jobs.plain\",\"id\":\"x\",\"queue\":\"default\"}";
		assertThat(post(published(message.formatted(UUID.randomUUID(), "with"), ours))).isEqualTo(204);
		assertThat(post(published(message.formatted(UUID.randomUUID(), "without"), ""))).isEqualTo(204);
		assertThat(post(published("\n  " + message.formatted(UUID.randomUUID(), "indented"), ""))).isEqualTo(204);
		assertThat(post(message.formatted(UUID.randomUUID(), "unwrapped"), "x-goog-pubsub-message-id", "9",
				"x-goog-pubsub-subscription-name", SUBSCRIPTION, "job", "jobs.plain"))
			.isEqualTo(204);
		assertThat(Jobs.runs).containsExactly("plain with", "plain without", "plain indented", "plain unwrapped");
	}

	@Test
	void aBrokenJobOfOursIsUnreadableAndNoEvent() throws Exception {
		String ours = ",\"attributes\":{\"job\":\"jobs.plain\",\"id\":\"x\",\"queue\":\"default\"}";
		assertThat(post(published("{\"v\":1,", ours))).isEqualTo(400);
		assertThat(Jobs.runs).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"message\":{\"data\":\"%%%\",\"messageId\":\"1\"},\"subscription\":\"s\"}",
			"{\"message\":7}", "{\"message\":{\"data\":", "{\"subscription\":\"s\"}" })
	void aWrapperThatCannotBeReadIsRefused(String body) throws Exception {
		assertThat(post(body)).isEqualTo(400);
	}

	@Test
	void eventsComeStructured() throws Exception {
		String event = """
				{"specversion":"1.0","id":"e-1","source":"//storage.googleapis.com/projects/_/buckets/invoices",\
				"type":"google.cloud.storage.object.v1.finalized","subject":"objects/in/s.docx","time":"2026-11-22T10:00:00Z",\
				"datacontenttype":"application/json","data":{"bucket":"invoices","name":"in/s.docx","generation":"5",\
				"size":"12"}}""";
		assertThat(post(event, "Content-Type", "application/cloudevents+json; charset=utf-8")).isEqualTo(204);
		assertThat(Jobs.runs).singleElement()
			.asString()
			.contains("name=in/s.docx, generation=5, size=12")
			.endsWith(" e-1");
	}

	@Test
	void eventsComeBinaryAndAreTheSameObjectAsANotification() throws Exception {
		assertThat(post("{\"bucket\":\"invoices\",\"name\":\"in/ü.docx\",\"generation\":6}", "ce-specversion", "1.0",
				"ce-id", "e-2", "ce-source", "//storage.googleapis.com/projects/_/buckets/invoices", "ce-type",
				"google.cloud.storage.object.v1.finalized", "ce-subject", "objects/in/%C3%BC.docx", "ce-time",
				"2026-11-22T10:00:00Z"))
			.isEqualTo(204);
		assertThat(post(notification("OBJECT_FINALIZE", "invoices", "in/ü.docx", "6"))).isEqualTo(204);
		assertThat(Jobs.runs).singleElement().asString().contains("name=in/ü.docx, generation=6");
	}

	@Test
	void dataThatIsNotJsonStillNamesTheObject() throws Exception {
		List<String> headers = List.of("Authorization", "Bearer good", "Content-Type", "application/protobuf",
				"ce-specversion", "1.0", "ce-id", "e-3", "ce-source",
				"//storage.googleapis.com/projects/_/buckets/invoices", "ce-type",
				"google.cloud.storage.object.v1.finalized", "ce-subject", "objects/in/p.docx");
		assertThat(send(new byte[] { 10, 3, -1, 0 }, headers)).isEqualTo(204);
		assertThat(Jobs.runs).singleElement().asString().contains("bucket=invoices, name=in/p.docx, generation=,");
	}

	@Test
	void aWholeEventComesBackFromItsMessage() throws Exception {
		assertThat(post("""
				{"specversion":"1.0","id":"w-1","source":"/test","type":"com.example.whole","comexample":"x","n":3,\
				"data":{"price":1.10}}""", "Content-Type", "application/cloudevents+json")).isEqualTo(204);
		assertThat(Jobs.runs).containsExactly("whole w-1 /test x 3 {\"price\":1.10}");
	}

	@Test
	void severalJobsOfOneEventAreReleasedWhereTheirQueuesForget() throws Exception {
		assertThat(post("{\"specversion\":\"1.0\",\"id\":\"m-1\",\"source\":\"/t\",\"type\":\"com.example.many\"}",
				"Content-Type", "application/cloudevents+json"))
			.isEqualTo(422);
		assertThat(Jobs.runs).isEmpty();
	}

	@Test
	void anEventThatStartsNothingIsAcknowledgedAndSaidOncePerType(CapturedOutput output) throws Exception {
		for (int i = 0; i < 3; i++) {
			assertThat(post(
					("{\"specversion\":\"1.0\",\"id\":\"u-%d\",\"source\":\"/t\",\"type\":\"com.example.unknown\"}")
						.formatted(i),
					"Content-Type", "application/cloudevents+json"))
				.isEqualTo(204);
		}
		assertThat(output.getOut().split("No job is started by event type 'com.example.unknown'", -1)).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "[]", "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"/\",\"type\":\"t\"}",
			"{\"specversion\":\"1.0\",\"source\":\"/\",\"type\":\"t\"}",
			"{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"a b\",\"type\":\"t\"}",
			"{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/\",\"type\":\"t\",\"time\":\"yesterday\"}",
			"{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/\",\"type\":\"t\",\"Bad Name\":\"x\"}",
			"{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/\",\"type\":\"t\",\"data_base64\":\"%%\"}" })
	void whatIsNoEventIsRefused(String body) throws Exception {
		assertThat(post(body, "Content-Type", "application/cloudevents+json")).isEqualTo(400);
	}

	@Test
	void anEventOfACallerNobodyTrustsIsRefused() throws Exception {
		List<String> headers = List.of("Content-Type", "application/cloudevents+json");
		assertThat(send("{}".getBytes(StandardCharsets.UTF_8), headers)).isEqualTo(401);
		assertThat(send(notification("OBJECT_FINALIZE", "invoices", "in/n.docx", "1").getBytes(StandardCharsets.UTF_8),
				List.of("Content-Type", "application/json")))
			.isEqualTo(401);
		assertThat(Jobs.runs).isEmpty();
	}

	@Test
	void largeDataIsTakenAsAnEventAndNotAsAMessage() throws Exception {
		String large = "x".repeat(3_000_000);
		assertThat(post(published(large, ""))).isEqualTo(400);
		assertThat(post(published(large, ",\"attributes\":{\"large\":\"yes\"}").replace("orders", "large")))
			.isEqualTo(204);
		assertThat(post("{\"v\":1,\"args\":[\"" + large + "\"]}")).isIn(400, 413);
		assertThat(post(published("x".repeat(11_000_000), ""))).isEqualTo(413);
		assertThat(Jobs.runs).containsExactly("large");
	}

	@Test
	void aFailedAttemptOfAnEventWithoutADurableQueueIsReleasedAndRepeated() throws Exception {
		String event = "{\"specversion\":\"1.0\",\"id\":\"f-1\",\"source\":\"/t\",\"type\":\"com.example.failing\"}";
		assertThat(post(event, "Content-Type", "application/cloudevents+json")).isEqualTo(422);
		assertThat(post(event, "Content-Type", "application/cloudevents+json")).isEqualTo(204);
		assertThat(Jobs.runs).containsExactly("failing", "failing");
	}

	@Configuration
	@EnableAutoConfiguration
	@Import(Jobs.class)
	static class Application {

		@Bean
		DeliveryAuthenticator good() {
			return (request) -> "Bearer good".equals(request.header("Authorization")) ? Decision.ACCEPT
					: Decision.ABSTAIN;
		}

	}

	static class Jobs {

		static final List<String> runs = new CopyOnWriteArrayList<>();

		@BackgroundJob
		@OnEvent(type = "google.cloud.storage.object.v1.finalized", subject = "objects/in/**/*.docx")
		void convert(StorageObject object) {
			runs.add("convert " + object + " " + JobContext.current().headers().get("ce-id"));
		}

		@BackgroundJob
		@OnEvent(type = "*.archived", source = "//storage.googleapis.com/projects/_/buckets/${bucket}")
		void archived(StorageObject object) {
			runs.add("archived " + object.bucket());
		}

		@BackgroundJob
		@OnEvent(type = "*.metadataUpdated")
		void changed(StorageObject object) {
			runs.add("changed " + object.name());
		}

		@BackgroundJob
		@OnEvent(type = "*.finalized", source = "//**/versions")
		void version(StorageObject object) {
			runs.add("version of " + object.name());
		}

		@BackgroundJob
		@OnEvent(type = "google.cloud.pubsub.topic.v1.messagePublished",
				source = "//pubsub.googleapis.com/projects/*/subscriptions/orders")
		void ship(Order order) {
			runs.add("ship " + order);
		}

		@BackgroundJob
		@OnEvent(source = "//pubsub.googleapis.com/projects/*/subscriptions/large")
		void large() {
			runs.add("large");
		}

		@BackgroundJob
		@OnEvent(source = "//pubsub.googleapis.com/projects/*/subscriptions/seen")
		void seen(CloudEvent event) {
			runs.add(new String(event.getData().toBytes(), StandardCharsets.UTF_8));
		}

		@BackgroundJob
		@OnEvent(type = "com.example.whole")
		void whole(CloudEvent event) {
			runs.add("whole " + event.getId() + " " + event.getSource() + " " + event.getExtension("comexample") + " "
					+ event.getExtension("n") + " " + new String(event.getData().toBytes(), StandardCharsets.UTF_8));
		}

		@BackgroundJob
		@OnEvent(type = "com.example.many")
		void one(Map<String, Object> data) {
			runs.add("one");
		}

		@BackgroundJob
		@OnEvent(type = "com.example.many")
		void other() {
			runs.add("other");
		}

		@BackgroundJob
		@OnEvent(type = "com.example.failing")
		void failing() {
			runs.add("failing");
			if (runs.size() < 2) {
				throw new IllegalStateException("Not yet");
			}
		}

		@BackgroundJob
		void plain(String how) {
			runs.add("plain " + how);
		}

	}

	record Order(int number, java.math.BigDecimal price) {
	}

}
