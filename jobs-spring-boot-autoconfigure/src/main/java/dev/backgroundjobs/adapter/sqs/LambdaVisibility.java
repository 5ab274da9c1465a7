package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.backgroundjobs.adapter.aws.SqsVisibility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;

/**
 * Makes messages that Lambda has received visible again when they are wanted. Safe for
 * use by several threads.
 */
final class LambdaVisibility implements SqsVisibility {

	private static final Logger logger = LoggerFactory.getLogger(LambdaVisibility.class);

	private static final int MAX_QUEUES = 1_000;

	// SQS keeps a message for 12 h since it was received, which Lambda may have done 90
	// min
	// ago.
	private static final Duration MAX_DELAY = Duration.ofHours(10);

	// The answer to Lambda waits for this, and the queue's own timeout does as well.
	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final Supplier<SqsClient> client;

	private final Map<String, String> urls = new ConcurrentHashMap<>();

	LambdaVisibility(Supplier<SqsClient> client) {
		this.client = client;
	}

	@Override
	public void change(String queueArn, Map<String, Duration> delays) {
		long end = System.nanoTime() + PATIENCE.toNanos();
		try {
			String url = url(queueArn);
			List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
			for (Map.Entry<String, Duration> delay : delays.entrySet()) {
				entries.add(entry(entries.size(), delay.getKey(), delay.getValue()));
				if (entries.size() == SqsInbox.MAX_BATCH) {
					send(url, entries);
					entries.clear();
					if (System.nanoTime() - end >= 0) {
						logger.warn("Some of {} messages of '{}' come again only when the queue's visibility timeout "
								+ "is over: there is no time to say when for so many", delays.size(), queueArn);
						return;
					}
				}
			}
			if (!entries.isEmpty()) {
				send(url, entries);
			}
		}
		catch (RuntimeException ex) {
			// Whatever it is: without an answer all messages come again, done or not.
			logger.warn("{} messages of '{}' come again only when the queue's visibility timeout is over: {}",
					delays.size(), queueArn, ex.getMessage());
		}
	}

	private static ChangeMessageVisibilityBatchRequestEntry entry(int id, String handle, Duration delay) {
		Duration possible = (delay.compareTo(MAX_DELAY) < 0) ? delay : MAX_DELAY;
		// Rounded up: a backoff is no shorter than it says.
		int seconds = (int) possible.plusMillis(999).toSeconds();
		return ChangeMessageVisibilityBatchRequestEntry.builder()
			.id(String.valueOf(id))
			.receiptHandle(handle)
			.visibilityTimeout(seconds)
			.build();
	}

	private void send(String url, List<ChangeMessageVisibilityBatchRequestEntry> entries) {
		List<ChangeMessageVisibilityBatchRequestEntry> sent = List.copyOf(entries);
		this.client.get()
			.changeMessageVisibilityBatch((request) -> request.queueUrl(url)
				.entries(sent)
				.overrideConfiguration((configuration) -> configuration.apiCallTimeout(PATIENCE)));
	}

	// arn:aws:sqs:<region>:<account>:<name>
	private String url(String arn) {
		String known = this.urls.get(arn);
		if (known != null) {
			return known;
		}
		String[] parts = arn.split(":", -1);
		if (parts.length != 6) {
			throw new IllegalArgumentException("not the ARN of a queue");
		}
		String url = this.client.get()
			.getQueueUrl((request) -> request.queueName(parts[5])
				.queueOwnerAWSAccountId(parts[4])
				.overrideConfiguration((configuration) -> configuration.apiCallTimeout(PATIENCE)))
			.queueUrl();
		if (this.urls.size() < MAX_QUEUES) {
			this.urls.put(arn, url);
		}
		return url;
	}

}
