package dev.backgroundjobs.adapter.pubsub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.api.gax.rpc.ApiCallContext;
import com.google.api.gax.rpc.UnaryCallable;
import com.google.cloud.pubsub.v1.stub.SubscriberStub;
import com.google.cloud.spring.pubsub.support.SubscriberFactory;
import com.google.protobuf.Empty;
import com.google.pubsub.v1.ModifyAckDeadlineRequest;
import com.google.pubsub.v1.PullRequest;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.execution.Lease;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;

class PubSubLeasesTests {

	private final List<ModifyAckDeadlineRequest> asked = new ArrayList<>();

	private final Lease lease = new Lease();

	private final long start = System.nanoTime();

	private boolean isDown;

	private PubSubLeases leases;

	@BeforeEach
	void create() {
		SubscriberFactory factory = Mockito.mock(SubscriberFactory.class);
		SubscriberStub stub = Mockito.mock(SubscriberStub.class);
		BDDMockito.given(factory.createSubscriberStub("letters")).willReturn(stub);
		BDDMockito.given(factory.createPullRequest("letters", 1, null))
			.willReturn(PullRequest.newBuilder().setSubscription("projects/p/subscriptions/letters").build());
		BDDMockito.given(stub.modifyAckDeadlineCallable()).willReturn(new UnaryCallable<>() {

			@Override
			public ApiFuture<Empty> futureCall(ModifyAckDeadlineRequest request, ApiCallContext context) {
				PubSubLeasesTests.this.asked.add(request);
				return PubSubLeasesTests.this.isDown ? ApiFutures.immediateFailedFuture(new IllegalStateException())
						: ApiFutures.immediateFuture(Empty.getDefaultInstance());
			}

		});
		this.leases = new PubSubLeases(new PubSubSubscription(factory, "letters", BackendRequests.NONE));
		this.leases.add("a", this.lease, this.start);
	}

	@Test
	void asksForNothingForAShortJob() {
		extendAfter(3);
		assertThat(this.leases.remove("a")).isTrue();
		extendAfter(10);
		assertThat(this.asked).isEmpty();
		assertThat(this.lease.isLost()).isFalse();
	}

	@Test
	void extendsAMessageByAMinuteAndAgainInTime() {
		for (int second = 1; second <= 120; second++) {
			extendAfter(second);
		}
		assertThat(this.asked).hasSizeBetween(5, 7).allSatisfy((request) -> {
			assertThat(request.getAckDeadlineSeconds()).isEqualTo(60);
			assertThat(request.getAckIdsList()).containsExactly("a");
			assertThat(request.getSubscription()).isEqualTo("projects/p/subscriptions/letters");
		});
		assertThat(this.lease.isLost()).isFalse();
	}

	@Test
	void asksForSeveralMessagesTogether() {
		this.leases.add("b", new Lease(), this.start);
		extendAfter(5);
		assertThat(this.asked).singleElement()
			.satisfies((request) -> assertThat(request.getAckIdsList()).containsExactlyInAnyOrder("a", "b"));
	}

	@Test
	void losesAMessageThatCannotBeExtendedBeforeItsTimeIsOver() {
		this.isDown = true;
		for (int second = 1; second <= 9; second++) {
			extendAfter(second);
		}
		assertThat(this.lease.isLost()).isFalse();
		this.leases.extend(this.start + Duration.ofMillis(9_500).toNanos());
		assertThat(this.lease.isLost()).isTrue();
		assertThat(this.leases.remove("a")).as("nothing is said about what is somebody else's").isFalse();
	}

	@Test
	void keepsAMessageOverAnOutageThatEndsInTime() {
		extendAfter(5);
		this.isDown = true;
		for (int second = 6; second <= 60; second++) {
			extendAfter(second);
		}
		assertThat(this.lease.isLost()).isFalse();
		this.isDown = false;
		extendAfter(61);
		extendAfter(100);
		assertThat(this.lease.isLost()).isFalse();
	}

	@Test
	void letsGoOfAMessageWhoseRunHasLostTheRightToSettle() {
		this.lease.lose();
		extendAfter(5);
		assertThat(this.asked).isEmpty();
		assertThat(this.leases.remove("a")).isFalse();
	}

	@Test
	void givesUpAllAtTheEnd() {
		assertThat(this.leases.loseAll()).containsExactly("a");
		assertThat(this.lease.isLost()).isTrue();
		assertThat(this.leases.loseAll()).isEmpty();
	}

	private void extendAfter(int seconds) {
		this.leases.extend(this.start + Duration.ofSeconds(seconds).toNanos());
	}

}
