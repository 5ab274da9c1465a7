package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.backgroundjobs.CapturedLog;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class LambdaVisibilityTests {

	private static final String ARN = "arn:aws:sqs:eu-central-1:123456789012:letters";

	private final SlowSqs sqs = new SlowSqs();

	private final LambdaVisibility visibility = new LambdaVisibility(() -> this.sqs);

	@Test
	void changesTenMessagesInARequest() {
		this.visibility.change(ARN, delays(11));
		assertThat(this.sqs.calls).hasValue(2);
	}

	// Lambda waits for the answer, and ends the invocation when it comes too late.
	@Test
	void leavesTheRestOfAHugeBatchToTheQueue() {
		this.sqs.time = Duration.ofMillis(20);
		long start = System.nanoTime();

		this.visibility.change(ARN, delays(10_000));

		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
		assertThat(this.sqs.calls.get()).isPositive();
	}

	@Test
	void leavesToTheQueueWhatAClientFailsWith() {
		this.sqs.failure = new IllegalStateException("Connection pool shut down");
		try (CapturedLog log = new CapturedLog()) {
			this.visibility.change(ARN, delays(1));
			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN 1 messages of '" + ARN + "' come again only when");
		}
	}

	private static Map<String, Duration> delays(int count) {
		Map<String, Duration> delays = new LinkedHashMap<>();
		for (int i = 0; i < count; i++) {
			delays.put("receipt-" + i, Duration.ofSeconds(5));
		}
		return delays;
	}

	private static final class SlowSqs implements SqsClient {

		final AtomicInteger calls = new AtomicInteger();

		Duration time = Duration.ZERO;

		@Nullable RuntimeException failure;

		@Override
		public GetQueueUrlResponse getQueueUrl(GetQueueUrlRequest request) {
			return GetQueueUrlResponse.builder().queueUrl("https://sqs/letters").build();
		}

		@Override
		public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
				ChangeMessageVisibilityBatchRequest request) {
			this.calls.incrementAndGet();
			if (this.failure != null) {
				throw this.failure;
			}
			try {
				Thread.sleep(this.time.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return ChangeMessageVisibilityBatchResponse.builder().build();
		}

		@Override
		public String serviceName() {
			return SERVICE_NAME;
		}

		@Override
		public void close() {
		}

	}

}
