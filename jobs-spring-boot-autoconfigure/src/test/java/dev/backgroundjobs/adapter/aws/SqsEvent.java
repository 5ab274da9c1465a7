package dev.backgroundjobs.adapter.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A batch of messages as Lambda makes an event of it, and what Lambda makes of the answer
 * where the mapping has {@code ReportBatchItemFailures}.
 */
public final class SqsEvent {

	private final ObjectNode json = JsonMapper.shared().createObjectNode();

	private final ArrayNode records = this.json.putArray("Records");

	private final List<String> ids = new ArrayList<>();

	private final String queue;

	public SqsEvent(String queue) {
		this.queue = queue;
	}

	public SqsEvent with(String id, String body) {
		return with(id, body, 1, "");
	}

	public SqsEvent with(String id, String body, int receiveCount, String group) {
		return with(id, "receipt-" + id, body, receiveCount, group);
	}

	public SqsEvent with(String id, String receiptHandle, String body, int receiveCount, String group) {
		ObjectNode record = this.records.addObject();
		record.put("messageId", id).put("receiptHandle", receiptHandle).put("body", body);
		ObjectNode attributes = record.putObject("attributes");
		attributes.put("ApproximateReceiveCount", String.valueOf(receiveCount));
		attributes.put("SentTimestamp", "1763800000000").put("SenderId", "AIDA").put("AWSTraceHeader", "Root=1-5759");
		if (!group.isEmpty()) {
			attributes.put("MessageGroupId", group).put("SequenceNumber", "188496" + id.length());
		}
		record.putObject("messageAttributes");
		record.put("md5OfBody", "e4e68fb7bd0e697a0ae8f1bb342846b3").put("eventSource", "aws:sqs");
		record.put("eventSourceARN", "arn:aws:sqs:eu-central-1:123456789012:" + this.queue);
		record.put("awsRegion", "eu-central-1");
		this.ids.add(id);
		return this;
	}

	/**
	 * Give the last message attributes.
	 */
	SqsEvent withAttributes(String... names) {
		ObjectNode record = (ObjectNode) this.records.get(this.records.size() - 1);
		for (String name : names) {
			ObjectNode attribute = record.withObjectProperty("messageAttributes").putObject(name);
			attribute.put("stringValue", name).put("dataType", "String");
			attribute.putArray("stringListValues");
			attribute.putArray("binaryListValues");
		}
		return this;
	}

	@Override
	public String toString() {
		return this.json.toString();
	}

	/**
	 * Return which messages stay on the queue: all of a failed invocation or a malformed
	 * answer, none where the answer is empty or lists nothing.
	 */
	public Set<String> kept(LambdaWebAdapter.Result result) {
		if (result.failed()) {
			return new TreeSet<>(this.ids);
		}
		JsonNode failures = JsonMapper.shared().readTree(result.payload()).path("batchItemFailures");
		Set<String> kept = new TreeSet<>();
		for (JsonNode failure : failures) {
			JsonNode id = failure.path("itemIdentifier");
			if (!id.isString() || !this.ids.contains(id.stringValue())) {
				return new TreeSet<>(this.ids);
			}
			kept.add(id.stringValue());
		}
		return kept;
	}

}
