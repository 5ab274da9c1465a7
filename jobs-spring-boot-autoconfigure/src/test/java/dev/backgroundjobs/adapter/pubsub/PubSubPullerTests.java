package dev.backgroundjobs.adapter.pubsub;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.api.core.SettableApiFuture;
import com.google.api.gax.rpc.ApiCallContext;
import com.google.api.gax.rpc.UnaryCallable;
import com.google.cloud.pubsub.v1.stub.SubscriberStub;
import com.google.cloud.spring.pubsub.support.SubscriberFactory;
import com.google.protobuf.Empty;
import com.google.pubsub.v1.AcknowledgeRequest;
import com.google.pubsub.v1.ModifyAckDeadlineRequest;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.PullRequest;
import com.google.pubsub.v1.PullResponse;
import com.google.pubsub.v1.ReceivedMessage;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of messages when something lacks, above all a thread. A stub plays Pub/Sub
 * for what its emulator cannot be made to do.
 */
@Timeout(60)
class PubSubPullerTests {

	private static final PubSubPullSettings SETTINGS = new PubSubPullSettings("letters", 3, Duration.ofHours(1),
			Duration.ofSeconds(10));

	private final BlockingQueue<List<ReceivedMessage>> batches = new LinkedBlockingQueue<>();

	private final List<String> acknowledged = new CopyOnWriteArrayList<>();

	private final List<String> givenBack = new CopyOnWriteArrayList<>();

	private final List<String> ran = new CopyOnWriteArrayList<>();

	private final AtomicInteger failingThreads = new AtomicInteger();

	private final AtomicInteger pulls = new AtomicInteger();

	private final AtomicInteger failingPulls = new AtomicInteger();

	private final AtomicInteger failingAcknowledgements = new AtomicInteger();

	private Function<String, Settlement> settlements = (id) -> Settlement.DONE;

	private final PubSubPuller puller = new PubSubPuller(SETTINGS,
			new PubSubSubscription(factory(), "letters", BackendRequests.NONE), processor(), Clock.systemUTC(),
			(action) -> {
				lack(this.failingThreads);
				Thread thread = new Thread(action);
				thread.setDaemon(true);
				return thread;
			});

	@AfterEach
	void stop() throws InterruptedException {
		this.puller.stopPulling();
		this.puller.awaitRuns(System.nanoTime() + Duration.ofSeconds(5).toNanos());
	}

	@Test
	void givesBackAMessageThatFindsNoThreadAndGoesOn() {
		this.failingThreads.set(1);
		bring(message("a", ""), message("b", ""));
		this.puller.start();
		await().until(() -> this.acknowledged.contains("b"));
		assertThat(this.givenBack).containsExactly("a 10");
		bring(message("c", ""), message("d", ""));
		await().untilAsserted(() -> assertThat(this.acknowledged).containsExactlyInAnyOrder("b", "c", "d"));
	}

	@Test
	void givesBackTheNextOfAKeyThatFindsNoThreadAndGoesOn() {
		CountDownLatch othersCame = new CountDownLatch(1);
		this.settlements = (id) -> {
			if (id.equals("a")) {
				awaitQuietly(othersCame);
				this.failingThreads.set(1);
			}
			return Settlement.DONE;
		};
		bring(message("a", "k"), message("b", "k"));
		this.puller.start();
		await().until(() -> this.pulls.get() >= 2);
		othersCame.countDown();
		await().untilAsserted(() -> assertThat(this.givenBack).containsExactly("b 0"));
		bring(message("b", "k"), message("c", "k"));
		await().untilAsserted(() -> assertThat(this.acknowledged).containsExactly("a", "b", "c"));
	}

	@Test
	void pullsAgainWhateverAPullEndedWith() {
		this.failingPulls.set(1);
		bring(message("a", ""));
		this.puller.start();
		await().until(() -> this.acknowledged.contains("a"));
	}

	@Test
	void acknowledgesWhatComesAfterAnAcknowledgementThatCouldNotBeSent() {
		this.failingAcknowledgements.set(1);
		bring(message("a", ""));
		this.puller.start();
		await().until(() -> this.ran.contains("a"));
		bring(message("b", ""));
		await().until(() -> this.acknowledged.contains("b"));
	}

	private void bring(ReceivedMessage... messages) {
		this.batches.add(Arrays.asList(messages));
	}

	private DeliveryProcessor processor() {
		DeliveryProcessor processor = Mockito.mock(DeliveryProcessor.class);
		BDDMockito.given(processor.process(ArgumentMatchers.any())).willAnswer((call) -> {
			Delivery delivery = call.getArgument(0);
			String id = Objects.requireNonNull(delivery.event()).getId();
			this.ran.add(id);
			return this.settlements.apply(id);
		});
		return processor;
	}

	private SubscriberFactory factory() {
		SubscriberFactory factory = Mockito.mock(SubscriberFactory.class);
		SubscriberStub stub = Mockito.mock(SubscriberStub.class);
		BDDMockito.given(factory.createSubscriberStub("letters")).willReturn(stub);
		BDDMockito
			.given(factory.createPullRequest(ArgumentMatchers.any(), ArgumentMatchers.any(), ArgumentMatchers.any()))
			.willReturn(PullRequest.newBuilder().setSubscription("projects/p/subscriptions/letters").build());
		BDDMockito.given(stub.pullCallable()).willReturn(new UnaryCallable<>() {

			@Override
			public ApiFuture<PullResponse> futureCall(PullRequest request, ApiCallContext context) {
				PubSubPullerTests.this.pulls.incrementAndGet();
				lack(PubSubPullerTests.this.failingPulls);
				SettableApiFuture<PullResponse> answer = SettableApiFuture.create();
				Thread waiting = new Thread(() -> answer.set(pull()));
				waiting.setDaemon(true);
				waiting.start();
				return answer;
			}

		});
		BDDMockito.given(stub.acknowledgeCallable()).willReturn(new UnaryCallable<>() {

			@Override
			public ApiFuture<Empty> futureCall(AcknowledgeRequest request, ApiCallContext context) {
				lack(PubSubPullerTests.this.failingAcknowledgements);
				PubSubPullerTests.this.acknowledged.addAll(request.getAckIdsList());
				return ApiFutures.immediateFuture(Empty.getDefaultInstance());
			}

		});
		BDDMockito.given(stub.modifyAckDeadlineCallable()).willReturn(new UnaryCallable<>() {

			@Override
			public ApiFuture<Empty> futureCall(ModifyAckDeadlineRequest request, ApiCallContext context) {
				request.getAckIdsList()
					.forEach((id) -> PubSubPullerTests.this.givenBack.add(id + " " + request.getAckDeadlineSeconds()));
				return ApiFutures.immediateFuture(Empty.getDefaultInstance());
			}

		});
		return factory;
	}

	private PullResponse pull() {
		try {
			List<ReceivedMessage> batch = this.batches.poll(50, TimeUnit.MILLISECONDS);
			return PullResponse.newBuilder().addAllReceivedMessages((batch != null) ? batch : List.of()).build();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void lack(AtomicInteger times) {
		if (times.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
			throw new OutOfMemoryError("unable to create native thread");
		}
	}

	private static ReceivedMessage message(String id, String key) {
		PubsubMessage message = PubsubMessage.newBuilder().setMessageId(id).setOrderingKey(key).build();
		return ReceivedMessage.newBuilder().setAckId(id).setMessage(message).build();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30));
	}

}
