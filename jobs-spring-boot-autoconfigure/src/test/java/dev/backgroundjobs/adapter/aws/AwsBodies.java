package dev.backgroundjobs.adapter.aws;

import java.util.Map;

import dev.backgroundjobs.event.EventJson;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bodies with the fields that AWS's documentation gives them, and values of our own.
 */
final class AwsBodies {

	static final String TOPIC = "arn:aws:sns:eu-central-1:123456789012:documents";

	static final String TOKEN = "2336412f37fb687f5d51e6e2425c464de12fd0f2";

	/** The key is {@code in/2026/Müller & Söhne +1.docx}. */
	static final String KEY = "in/2026/M%C3%BCller+%26+S%C3%B6hne+%2B1.docx";

	private AwsBodies() {
	}

	// S3 User Guide, "Event message structure".
	static String notification(String name, String object) {
		return """
				{"Records":[{"eventVersion":"2.3","eventSource":"aws:s3","awsRegion":"eu-central-1",\
				"eventTime":"2026-11-22T10:00:00.123Z","eventName":"%s","userIdentity":{"principalId":"AWS:AIDAEXAMPLE"},\
				"requestParameters":{"sourceIPAddress":"198.51.100.7"},"responseElements":{\
				"x-amz-request-id":"C3D13FE58DE4C810","x-amz-id-2":"FMyUVURIY8"},"s3":{"s3SchemaVersion":"1.0",\
				"configurationId":"documents","bucket":{"name":"invoices","ownerIdentity":{"principalId":"A3NL1KOZZKExample"},\
				"arn":"arn:aws:s3:::invoices"},"object":{%s}}}]}"""
			.formatted(name, object);
	}

	static String created() {
		return notification("ObjectCreated:Put", "\"key\":\"" + KEY
				+ "\",\"size\":4711,\"eTag\":\"d41d8cd9\",\"versionId\":\"096fKKXTRTtl3on89fVO\",\"sequencer\":\"0055AED6DCD90281E5\"");
	}

	// S3 User Guide, "EventBridge event message structure".
	static String bridged(String type, String object, String more) {
		return """
				{"version":"0","id":"17793124-05d4-b198-2fde-7ededc63b103","detail-type":"%s","source":"aws.s3",\
				"account":"123456789012","time":"2026-11-22T10:00:00Z","region":"eu-central-1",\
				"resources":["arn:aws:s3:::invoices"],"detail":{"version":"0","bucket":{"name":"invoices"},\
				"object":{%s},"request-id":"C3D13FE58DE4C810","requester":"123456789012",\
				"source-ip-address":"198.51.100.7"%s}}""".formatted(type, object, more);
	}

	static String bridgedCreated() {
		return bridged("Object Created",
				"\"key\":\"in/2026/Müller & Söhne +1.docx\",\"size\":4711,\"etag\":\"d41d8cd9\","
						+ "\"version-id\":\"096fKKXTRTtl3on89fVO\",\"sequencer\":\"0055AED6DCD90281E5\"",
				",\"reason\":\"PutObject\"");
	}

	// EventBridge User Guide, "Events"; a custom one has no resources.
	static String custom() {
		return """
				{"version":"0","id":"cd2d702e-ab31-411b-9344-793ce56b1bc7","detail-type":"order.placed","source":"shop orders",\
				"account":"123456789012","time":"2026-11-22T10:00:00Z","region":"eu-central-1","resources":[],\
				"detail":{"number":7}}""";
	}

	static String instance() {
		return """
				{"version":"0","id":"7bf73129-1428-4cd3-a780-95db273d1602","detail-type":"EC2 Instance State-change Notification",\
				"source":"aws.ec2","account":"123456789012","time":"2026-11-22T10:00:00Z","region":"eu-central-1",\
				"resources":["arn:aws:ec2:eu-central-1:123456789012:instance/i-abcd1111"],\
				"detail":{"instance-id":"i-abcd1111","state":"pending"}}""";
	}

	// SNS Developer Guide, "Parsing message formats".
	static String published(String message) {
		ObjectNode json = EventJson.object();
		json.put("Type", "Notification")
			.put("MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324")
			.put("TopicArn", TOPIC)
			.put("Subject", "My First Message")
			.put("Message", message)
			.put("Timestamp", "2026-11-22T10:00:01.111Z")
			.put("SignatureVersion", "1")
			.put("Signature", "EXAMPLEw6JRNwm1LFQL4ICB0bnXrdB8ClRMTQFGBqwLpGbM78tJ4=")
			.put("SigningCertURL", "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-f3ecfb72.pem")
			.put("UnsubscribeURL",
					"https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=" + TOPIC);
		json.putObject("MessageAttributes").putObject("event-kind").put("Type", "String").put("Value", "order");
		return json.toString();
	}

	// Lambda Developer Guide, "Using AWS Lambda with Amazon SNS".
	static String publishedToLambda(String message) {
		ObjectNode json = EventJson.object();
		ObjectNode sns = json.putArray("Records")
			.addObject()
			.put("EventVersion", "1.0")
			.put("EventSubscriptionArn", TOPIC + ":21be56ed-a058-49f5-8c98-aedd2564c486")
			.put("EventSource", "aws:sns")
			.putObject("Sns");
		sns.put("SignatureVersion", "1")
			.put("Timestamp", "2026-11-22T10:00:01.111Z")
			.put("Signature", "tcc6faL2yUC6dgZdmrwh1Y4cGa")
			.put("SigningCertUrl", "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-ac565b8b.pem")
			.put("MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324")
			.put("Message", message)
			.put("Type", "Notification")
			.put("UnsubscribeUrl", "https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe")
			.put("TopicArn", TOPIC)
			.putNull("Subject");
		sns.putObject("MessageAttributes").putObject("event-kind").put("Type", "String").put("Value", "order");
		return json.toString();
	}

	static String confirmation(String kind) {
		return """
				{"Type":"%s","MessageId":"165545c9-2a5c-472c-8df2-7ff2be2b3b1b","Token":"%s","TopicArn":"%s",\
				"Message":"You have chosen to subscribe to the topic.","SubscribeURL":\
				"https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=%s",\
				"Timestamp":"2026-11-22T10:00:02.000Z","SignatureVersion":"1","Signature":"EXAMPLEpH",\
				"SigningCertURL":"https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-f3ecfb72.pem"}"""
			.formatted(kind, TOKEN, TOPIC, TOKEN);
	}

	static String test() {
		return """
				{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-22T10:00:00.000Z","Bucket":"invoices",\
				"RequestId":"5582815E1AEA5ADF","HostId":"8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3e"}""";
	}

	static String structured() {
		return """
				{"specversion":"1.0","id":"7","source":"/shop","type":"com.example.order.placed","data":{"number":7}}""";
	}

	/** What is sent by each way, the names for messages of a test. */
	static Map<String, String> all() {
		return Map.ofEntries(Map.entry("notification", created()), Map.entry("EventBridge", bridgedCreated()),
				Map.entry("custom", custom()), Map.entry("instance", instance()),
				Map.entry("published", published("{\"number\":7}")),
				Map.entry("published to Lambda", publishedToLambda("{\"number\":7}")),
				Map.entry("notification over SNS", published(created())),
				Map.entry("EventBridge over SNS to Lambda", publishedToLambda(bridgedCreated())),
				Map.entry("confirmation", confirmation("SubscriptionConfirmation")), Map.entry("test", test()),
				Map.entry("structured", structured()), Map.entry("structured over SNS", published(structured())));
	}

}
