package dev.backgroundjobs.adapter.aws;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.event.EventContent;
import dev.backgroundjobs.event.EventJson;
import dev.backgroundjobs.message.UnreadableMessageException;
import io.cloudevents.CloudEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What AWS sends, and the events it becomes.
 */
class AwsEventsTests {

	private static final String NAME = "in/2026/Müller & Söhne +1.docx";

	private final AwsPlatformEvents platform = new AwsPlatformEvents();

	static List<CloudEvent> events(String body) {
		return AwsEvents.events(EventJson.object(body.getBytes(StandardCharsets.UTF_8)));
	}

	private static CloudEvent event(String body) {
		List<CloudEvent> events = events(body);
		assertThat(events).hasSize(1);
		return events.get(0);
	}

	private static ObjectNode data(CloudEvent event) {
		return EventJson.object(event.getData().toBytes());
	}

	@ParameterizedTest
	@ValueSource(strings = { "ObjectCreated:Put", "s3:ObjectCreated:Put" })
	void makesAnEventOfANotificationOfS3(String name) {
		CloudEvent event = event(AwsBodies.created().replace("ObjectCreated:Put", name));
		assertThat(event.getType()).isEqualTo("com.amazonaws.s3.ObjectCreated:Put");
		assertThat(event.getSource()).hasToString("aws:s3.eu-central-1.invoices");
		assertThat(event.getSubject()).isEqualTo("objects/" + NAME);
		assertThat(event.getTime()).isEqualTo("2026-11-22T10:00:00.123Z");
		assertThat(event.getDataContentType()).isEqualTo("application/json");
		assertThat(data(event).path("s3").path("object").path("eTag").stringValue()).isEqualTo("d41d8cd9");
	}

	@Test
	void knowsTheObjectOfANotification() {
		assertThat(this.platform.storageObject(event(AwsBodies.created()))).isEqualTo(new StorageObject("aws",
				"invoices", NAME, "096fKKXTRTtl3on89fVO", 4711, null, Instant.parse("2026-11-22T10:00:00.123Z")));
	}

	@Test
	void takesTheSequencerForTheGenerationWhereNothingIsVersioned() {
		StorageObject object = this.platform.storageObject(event(AwsBodies.notification("ObjectRemoved:Delete",
				"\"key\":\"a.docx\",\"versionId\":\"null\",\"sequencer\":\"0055AED6DCD90281E5\"")));
		assertThat(object.generation()).isEqualTo("0055AED6DCD90281E5");
		assertThat(object.size()).isEqualTo(-1);
	}

	@Test
	void makesAnEventOfEachRecord() {
		String record = AwsBodies.created().replace("{\"Records\":[", "").replace("]}", "");
		assertThat(events("{\"Records\":[%s,%s]}".formatted(record, record.replace(AwsBodies.KEY, "b.docx"))))
			.extracting(CloudEvent::getSubject)
			.containsExactly("objects/" + NAME, "objects/b.docx");
	}

	@ParameterizedTest
	@CsvSource({ "Object Created,reason,PutObject,ObjectCreated:Put",
			"Object Created,reason,POST Object,ObjectCreated:Post",
			"Object Created,reason,CopyObject,ObjectCreated:Copy",
			"Object Created,reason,CompleteMultipartUpload,ObjectCreated:CompleteMultipartUpload",
			"Object Created,reason,RenameObject,ObjectCreated:RenameObject",
			"Object Deleted,deletion-type,Permanently Deleted,ObjectRemoved:Delete",
			"Object Deleted,deletion-type,Delete Marker Created,ObjectRemoved:DeleteMarkerCreated",
			"Object Deleted,reason,Lifecycle Expiration,LifecycleExpiration:Delete",
			"Object Restore Initiated,source-storage-class,GLACIER,ObjectRestore:Post",
			"Object Restore Completed,source-storage-class,GLACIER,ObjectRestore:Completed",
			"Object Restore Expired,source-storage-class,GLACIER,ObjectRestore:Delete",
			"Object Tags Added,reason,PutObjectTagging,ObjectTagging:Put",
			"Object Tags Deleted,reason,DeleteObjectTagging,ObjectTagging:Delete",
			"Object ACL Updated,reason,PutObjectAcl,ObjectAcl:Put",
			"Object Storage Class Changed,destination-storage-class,GLACIER,LifecycleTransition",
			"Object Access Tier Changed,destination-access-tier,ARCHIVE_ACCESS,IntelligentTiering" })
	void givesWhatEventBridgeTellsOfS3TheTypesOfS3(String detailType, String field, String value, String type) {
		CloudEvent event = event(
				AwsBodies.bridged(detailType, "\"key\":\"a+b.docx\"", ",\"%s\":\"%s\"".formatted(field, value)));
		assertThat(event.getType()).isEqualTo("com.amazonaws.s3." + type);
		assertThat(event.getSubject()).isEqualTo("objects/a+b.docx");
		assertThat(data(event).path("detail").path(field).stringValue()).isEqualTo(value);
	}

	@Test
	void knowsTheObjectOfWhatEventBridgeTellsOfS3() {
		assertThat(this.platform.storageObject(event(AwsBodies.bridgedCreated()))).isEqualTo(new StorageObject("aws",
				"invoices", NAME, "096fKKXTRTtl3on89fVO", 4711, null, Instant.parse("2026-11-22T10:00:00Z")));
	}

	@Test
	void encodesTheKeyOfWhatEventBridgeTellsOfS3AsS3Does() {
		assertThat(data(event(AwsBodies.bridgedCreated())).path("s3").path("object").path("key").stringValue())
			.isEqualTo(AwsBodies.KEY);
	}

	@Test
	void leavesWhatIsNoObjectOfS3ToEventBridge() {
		CloudEvent event = event(AwsBodies.bridged("AWS API Call via CloudTrail", "\"key\":\"a\"", ""));
		assertThat(event.getType()).isEqualTo("AWS API Call via CloudTrail");
		assertThat(event.getSource()).hasToString("aws.s3");
		assertThat(this.platform.storageObject(event)).isNull();
	}

	@Test
	void makesAnEventOfOneOfEventBridge() {
		CloudEvent event = event(AwsBodies.instance());
		assertThat(event.getId()).isEqualTo("7bf73129-1428-4cd3-a780-95db273d1602");
		assertThat(event.getType()).isEqualTo("EC2 Instance State-change Notification");
		assertThat(event.getSource()).hasToString("aws.ec2");
		assertThat(event.getSubject()).isEqualTo("arn:aws:ec2:eu-central-1:123456789012:instance/i-abcd1111");
		assertThat(event.getTime()).isEqualTo("2026-11-22T10:00:00Z");
		assertThat(event.getExtension("account")).isEqualTo("123456789012");
		assertThat(event.getExtension("region")).isEqualTo("eu-central-1");
		assertThat(data(event)).hasToString("{\"instance-id\":\"i-abcd1111\",\"state\":\"pending\"}");
	}

	@ParameterizedTest
	@CsvSource({ "com.example.shop,com.example.shop", "https://example.com/shop?a=b#c,https://example.com/shop?a=b#c",
			"shop orders,shop%20orders", "shop/my orders,shop/my%20orders", "1:Größe {7},1%3AGr%C3%B6%C3%9Fe%20%7B7%7D",
			"100%,100%25" })
	void escapesASourceThatIsNoUri(String source, String uri) {
		assertThat(event(AwsBodies.custom().replace("shop orders", source)).getSource()).hasToString(uri);
	}

	@Test
	void givesAnEventWithoutAResourceNoSubject() {
		assertThat(event(AwsBodies.custom()).getSubject()).isNull();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void makesAnEventOfWhatIsPublished(boolean isLambda) {
		String text = "{\"number\":7}";
		CloudEvent event = event(isLambda ? AwsBodies.publishedToLambda(text) : AwsBodies.published(text));
		assertThat(event.getId()).isEqualTo("22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324");
		assertThat(event.getType()).isEqualTo("com.amazonaws.sns.Notification");
		assertThat(event.getSource()).hasToString(AwsBodies.TOPIC);
		assertThat(event.getSubject()).isEqualTo(isLambda ? null : "My First Message");
		assertThat(event.getTime()).isEqualTo("2026-11-22T10:00:01.111Z");
		assertThat(data(event).path("MessageAttributes").path("event-kind").path("Value").stringValue())
			.isEqualTo("order");
		assertThat(data(event).toString()).doesNotContain("Signature", "Signing", "Unsubscribe");
		assertThat(content(event)).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Hello", "", "{\"Records\":[{\"eventSource\":\"aws:s3\"}]}", "{\"specversion\":\"2.0\"}",
			"{\"detail-type\":\"a\",\"source\":\"b\",\"detail\":{}}", "[1]", "{" })
	void takesWhatOnlyLooksLikeAnEventForWhatIsPublished(String text) {
		String message = text.isEmpty() ? " " : text;
		CloudEvent event = event(AwsBodies.published(message));
		assertThat(event.getType()).isEqualTo("com.amazonaws.sns.Notification");
		assertThat(content(event)).isEqualTo(message);
	}

	@Test
	void readsTheMediaTypeOfWhatIsPublished() {
		EventContent content = this.platform.content(
				event(AwsBodies.published("7").replace("event-kind", "contentType").replace("order", "text/plain")));
		assertThat(content.contentType()).isEqualTo("text/plain");
	}

	@Test
	void unwrapsACloudEvent() {
		assertThat(event(AwsBodies.structured())).isEqualTo(event(AwsBodies.published(AwsBodies.structured())));
	}

	@Test
	void unwrapsAnEventOfEventBridge() {
		assertThat(event(AwsBodies.publishedToLambda(AwsBodies.custom()))).isEqualTo(event(AwsBodies.custom()));
	}

	@Test
	void makesAnEventThatIsNoObjectOfTheTestOfS3() {
		CloudEvent event = event(AwsBodies.test());
		assertThat(event.getType()).isEqualTo("com.amazonaws.s3.TestEvent");
		assertThat(event.getId()).isEqualTo("5582815E1AEA5ADF");
		assertThat(event.getSource()).hasToString("aws:s3.-.invoices");
		assertThat(this.platform.storageObject(event)).isNull();
		assertThat(this.platform.identity(event)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "SubscriptionConfirmation,asks to confirm", "UnsubscribeConfirmation,has ended" })
	void tellsOfSubscriptionsWithoutTheirTokens(String kind, String said) {
		try (CapturedLog log = new CapturedLog()) {
			CloudEvent event = event(
					AwsBodies.confirmation(kind).replace(AwsBodies.TOPIC, AwsBodies.TOPIC + "\\nERROR all lost"));
			assertThat(event.getType()).isEqualTo("com.amazonaws.sns." + kind);
			assertThat(data(event).toString()).doesNotContain(AwsBodies.TOKEN, "https:");
			assertThat(this.platform.content(event)).isNull();
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN ")
				.contains(said, AwsBodies.TOPIC + "?ERROR")
				.doesNotContain(AwsBodies.TOKEN);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"Records\":[]}", "{\"Records\":[null]}", "{\"Records\":{}}",
			"{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\"{}\"}]}", "{\"v\":1,\"job\":\"a\"}",
			"{\"Type\":\"Notification\"}", "{\"detail-type\":\"a\"}" })
	void leavesEverythingElse(String body) {
		assertThat(events(body)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"Records\":[{\"eventSource\":\"aws:s3\"}]}",
			"{\"Records\":[{\"eventSource\":\"aws:s3\",\"eventName\":\"a\"},null]}",
			"{\"Records\":[{\"EventSource\":\"aws:sns\",\"Sns\":null}]}",
			"{\"Type\":\"Notification\",\"TopicArn\":\"a\",\"Message\":\"a\"}",
			"{\"detail-type\":\"a\",\"source\":\"b\",\"detail\":{}}", "{\"specversion\":1}" })
	void refusesWhatLacksWhatEachOfThemHas(String body) {
		assertThatExceptionOfType(UnreadableMessageException.class).isThrownBy(() -> events(body));
	}

	@Test
	void refusesAKeyThatIsNotEncoded() {
		assertThatExceptionOfType(UnreadableMessageException.class)
			.isThrownBy(() -> events(AwsBodies.created().replace(AwsBodies.KEY, "100%.docx")))
			.withMessageContaining("not URL-encoded");
	}

	private String content(CloudEvent event) {
		return new String(this.platform.content(event).bytes(), StandardCharsets.UTF_8);
	}

}
