package dev.backgroundjobs.adapter.pubsub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutureCallback;
import com.google.api.core.ApiFutures;
import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.DeadlineExceededException;
import com.google.cloud.pubsub.v1.stub.SubscriberStub;
import com.google.cloud.spring.pubsub.support.SubscriberFactory;
import com.google.protobuf.Empty;
import com.google.pubsub.v1.AcknowledgeRequest;
import com.google.pubsub.v1.ModifyAckDeadlineRequest;
import com.google.pubsub.v1.PullRequest;
import com.google.pubsub.v1.PullResponse;
import com.google.pubsub.v1.ReceivedMessage;
import dev.backgroundjobs.backend.BackendRequests;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is asked of Pub/Sub about one subscription. Safe for use by several threads.
 */
final class PubSubSubscription implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(PubSubSubscription.class);

	private static final Executor DIRECT = Runnable::run;

	// An id has about 200 bytes, and a request takes 512 KiB.
	static final int MAX_IDS = 1_000;

	// Within the time that a message is ours at least.
	private static final GrpcCallContext CONTEXT = GrpcCallContext.createDefault()
		.withTimeoutDuration(Duration.ofSeconds(10))
		.withRetrySettings(RetrySettings.newBuilder()
			.setInitialRetryDelayDuration(Duration.ofMillis(100))
			.setRetryDelayMultiplier(2)
			.setMaxRetryDelayDuration(Duration.ofSeconds(1))
			.setInitialRpcTimeoutDuration(Duration.ofSeconds(3))
			.setRpcTimeoutMultiplier(1)
			.setMaxRpcTimeoutDuration(Duration.ofSeconds(3))
			.setTotalTimeoutDuration(Duration.ofSeconds(10))
			.build());

	private final SubscriberFactory factory;

	private final String name;

	private final BackendRequests requests;

	private final String path;

	private final SubscriberStub stub;

	private final Deque<String> acknowledged = new ArrayDeque<>();

	private boolean acknowledging;

	private int underWay;

	private @Nullable ApiFuture<PullResponse> pull;

	private boolean closed;

	/**
	 * Create a client of a subscription.
	 * @param factory creates the connection
	 * @param name the id or the path of the subscription
	 * @param requests counts requests
	 */
	PubSubSubscription(SubscriberFactory factory, String name, BackendRequests requests) {
		this.factory = factory;
		this.name = name;
		this.requests = requests;
		this.path = factory.createPullRequest(name, 1, null).getSubscription();
		this.stub = factory.createSubscriberStub(name);
	}

	/**
	 * Wait for messages.
	 * @param max how many at most
	 * @return the messages; none when there were none for a while
	 * @throws CancellationException once pulling is stopped
	 */
	List<ReceivedMessage> pull(int max) throws InterruptedException, ExecutionException {
		PullRequest request = this.factory.createPullRequest(this.name, max, null);
		this.requests.count(PubSubJobBackend.NAME, "pull", 0);
		ApiFuture<PullResponse> pull;
		synchronized (this) {
			if (this.closed) {
				throw new CancellationException();
			}
			pull = this.stub.pullCallable().futureCall(request);
			this.pull = pull;
		}
		try {
			return pull.get().getReceivedMessagesList();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof DeadlineExceededException) {
				return List.of();
			}
			throw ex;
		}
	}

	/**
	 * Pull nothing more. A pull under way goes on.
	 */
	synchronized void stopPulling() {
		this.closed = true;
	}

	/**
	 * End a pull that waits. What Pub/Sub sends just then comes again after the
	 * subscription's deadline.
	 */
	synchronized void cancelPull() {
		if (this.pull != null) {
			this.pull.cancel(true);
		}
	}

	/**
	 * Acknowledge a message: at once when no other acknowledgement is under way,
	 * otherwise together with those that come until then.
	 */
	void acknowledge(String ackId) {
		synchronized (this) {
			this.acknowledged.add(ackId);
			if (this.acknowledging) {
				return;
			}
			this.acknowledging = true;
		}
		sendAcknowledgements();
	}

	private void sendAcknowledgements() {
		AcknowledgeRequest.Builder request = AcknowledgeRequest.newBuilder().setSubscription(this.path);
		synchronized (this) {
			this.acknowledging = !this.acknowledged.isEmpty();
			if (!this.acknowledging) {
				return;
			}
			while (!this.acknowledged.isEmpty() && request.getAckIdsCount() < MAX_IDS) {
				request.addAckIds(this.acknowledged.remove());
			}
		}
		this.requests.count(PubSubJobBackend.NAME, "acknowledge", 0);
		call(() -> this.stub.acknowledgeCallable().futureCall(request.build(), CONTEXT), (failure) -> {
			if (failure != null) {
				logger.warn("{} messages of subscription '{}' are done and could not be acknowledged: they come again",
						request.getAckIdsCount(), this.name, failure);
			}
			sendAcknowledgements();
		});
	}

	/**
	 * Say when messages are delivered to somebody else.
	 * @param ackIds the messages, 1,000 at most
	 * @param deadline from now, up to 600 s; zero for at once
	 * @param done is called with {@code null}, or with the failure
	 */
	void setDeadline(List<String> ackIds, Duration deadline, Consumer<@Nullable Throwable> done) {
		ModifyAckDeadlineRequest request = ModifyAckDeadlineRequest.newBuilder()
			.setSubscription(this.path)
			.addAllAckIds(ackIds)
			.setAckDeadlineSeconds((int) deadline.toSeconds())
			.build();
		this.requests.count(PubSubJobBackend.NAME, "set-deadline", 0);
		call(() -> this.stub.modifyAckDeadlineCallable().futureCall(request, CONTEXT), done);
	}

	/**
	 * Return the subscription's full name.
	 */
	String path() {
		return this.path;
	}

	private void call(Supplier<ApiFuture<Empty>> request, Consumer<@Nullable Throwable> done) {
		synchronized (this) {
			this.underWay++;
		}
		ApiFuture<Empty> answer;
		try {
			answer = request.get();
		}
		catch (RuntimeException | Error ex) {
			// Whatever it is: others wait for the end of this call.
			answer = ApiFutures.immediateFailedFuture(ex);
		}
		ApiFutures.addCallback(answer, new ApiFutureCallback<Empty>() {

			@Override
			public void onSuccess(Empty result) {
				end(null);
			}

			@Override
			public void onFailure(Throwable ex) {
				end(ex);
			}

			private void end(@Nullable Throwable failure) {
				try {
					done.accept(failure);
				}
				finally {
					ended();
				}
			}

		}, DIRECT);
	}

	private synchronized void ended() {
		this.underWay--;
		notifyAll();
	}

	/**
	 * Wait until everything that was said has arrived.
	 * @param patience how long at most
	 */
	synchronized void flush(Duration patience) throws InterruptedException {
		long end = System.nanoTime() + patience.toNanos();
		while (this.underWay > 0) {
			long left = end - System.nanoTime();
			if (left <= 0) {
				return;
			}
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
	}

	@Override
	public void close() {
		this.stub.shutdown();
	}

	@Override
	public String toString() {
		return this.name;
	}

}
