package dev.backgroundjobs.adapter.sqs;

import java.util.Map;

import dev.backgroundjobs.JobException;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.times;

/**
 * Where dead copies go.
 */
class SqsDeadCopyTests extends MockedSqs {

	@Test
	void findsTheDeadLetterQueueOfAnotherAccount() {
		attributes(Map.of(QueueAttributeName.REDRIVE_POLICY,
				"{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:210987654321:dead\",\"maxReceiveCount\":25}"));
		given(this.client.getQueueUrl(any(GetQueueUrlRequest.class)))
			.willReturn(GetQueueUrlResponse.builder().queueUrl("https://dead").build());
		takes();
		assertThat(this.backend.enqueueDead(message(1))).isEqualTo("dead");
		assertThat(this.backend.enqueueDead(message(1))).isEqualTo("dead");
		ArgumentCaptor<GetQueueUrlRequest> lookUp = ArgumentCaptor.forClass(GetQueueUrlRequest.class);
		then(this.client).should(times(1)).getQueueUrl(lookUp.capture());
		assertThat(lookUp.getValue().queueName()).isEqualTo("dead");
		assertThat(lookUp.getValue().queueOwnerAWSAccountId()).isEqualTo("210987654321");
		ArgumentCaptor<SendMessageRequest> requests = ArgumentCaptor.forClass(SendMessageRequest.class);
		then(this.client).should(times(2)).sendMessage(requests.capture());
		assertThat(requests.getAllValues()).extracting(SendMessageRequest::queueUrl).containsOnly("https://dead");
	}

	@Test
	void putsADeadCopyInOrderWhereTheDeadLetterQueueIsFifo() {
		attributes(Map.of(QueueAttributeName.REDRIVE_POLICY,
				"{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:210987654321:dead.fifo\",\"maxReceiveCount\":\"25\"}"));
		given(this.client.getQueueUrl(any(GetQueueUrlRequest.class)))
			.willReturn(GetQueueUrlResponse.builder().queueUrl("https://dead.fifo").build());
		takes();
		this.backend.enqueueDead(message(1));
		ArgumentCaptor<SendMessageRequest> request = ArgumentCaptor.forClass(SendMessageRequest.class);
		then(this.client).should().sendMessage(request.capture());
		assertThat(request.getValue().messageGroupId()).isEqualTo("reports");
		assertThat(request.getValue().messageDeduplicationId()).hasSize(64);
	}

	@Test
	void failsADeadCopyWhereItMayNotReadTheRedrivePolicy() {
		given(this.client.getQueueAttributes(any(GetQueueAttributesRequest.class))).willThrow(FORBIDDEN);
		takes();
		this.backend.enqueue(message(1));
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> this.backend.enqueueDead(message(1)))
			.withMessageContaining("sqs:GetQueueAttributes");
	}

}
