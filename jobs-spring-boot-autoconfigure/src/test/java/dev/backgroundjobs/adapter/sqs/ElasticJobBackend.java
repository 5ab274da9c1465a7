package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * Sends as simply as can be, for the tests of what receives.
 */
final class ElasticJobBackend implements JobBackend {

	private static final BackendCapabilities STANDARD = BackendCapabilities.none()
		.withDurable()
		.withMaxDelay(Duration.ofMinutes(15));

	private final SqsClient client;

	private final JobMessageCodec codec;

	private final UnaryOperator<String> urls;

	ElasticJobBackend(SqsClient client, JobMessageCodec codec, UnaryOperator<String> urls) {
		this.client = client;
		this.codec = codec;
		this.urls = urls;
	}

	@Override
	public String name() {
		return "elastic";
	}

	@Override
	public String enqueue(JobMessage message) {
		return send(message, 0);
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		long millis = Math.max(0, Duration.between(Instant.now(), time).toMillis());
		return send(message, (int) (millis + 999) / 1_000);
	}

	@Override
	public List<SendResult> enqueueAll(List<JobMessage> messages) {
		List<SendResult> results = new ArrayList<>();
		for (int from = 0; from < messages.size(); from += 10) {
			results.addAll(sendAll(messages.subList(from, Math.min(messages.size(), from + 10)), 0));
		}
		return results;
	}

	private String send(JobMessage message, int delay) {
		return ((SendResult.Sent) sendAll(List.of(message), delay).get(0)).backendId();
	}

	// All of one call have one queue in these tests.
	private List<SendResult> sendAll(List<JobMessage> messages, int delay) {
		String queue = messages.get(0).queue();
		List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
		for (JobMessage message : messages) {
			SendMessageBatchRequestEntry.Builder entry = SendMessageBatchRequestEntry.builder()
				.id(Integer.toString(entries.size()))
				.messageBody(this.codec.encode(message).text());
			if (SqsTestApplication.isFifo(queue)) {
				entry.messageGroupId(message.group()).messageDeduplicationId(UUID.randomUUID().toString());
			}
			else {
				entry.delaySeconds(delay);
			}
			entries.add(entry.build());
		}
		return this.client.sendMessageBatch((request) -> request.queueUrl(this.urls.apply(queue)).entries(entries))
			.successful()
			.stream()
			.map((sent) -> SendResult.of(sent::messageId))
			.toList();
	}

	@Override
	public BackendCapabilities capabilities() {
		return STANDARD;
	}

	@Override
	public BackendCapabilities capabilities(String queue) {
		return SqsTestApplication.isFifo(queue) ? BackendCapabilities.none().withDurable().withOrderedQueues()
				: STANDARD;
	}

}
