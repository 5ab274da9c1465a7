package dev.backgroundjobs.adapter.pubsub;

import java.util.Arrays;

import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.ReceivedMessage;
import dev.backgroundjobs.adapter.pubsub.PubSubKeys.Turn;
import dev.backgroundjobs.delivery.Delivery;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PubSubKeysTests {

	private final PubSubKeys keys = new PubSubKeys();

	@Test
	void runsOneOfAKeyAndThenTheNext() {
		PulledMessage first = message("k", "1");
		PulledMessage second = message("k", "2");
		PulledMessage third = message("k", "3");
		assertThat(arrive(1, first, second, third)).containsExactly(Turn.RUN, Turn.WAIT, Turn.WAIT);
		assertThat(this.keys.acknowledged(first)).isSameAs(second);
		assertThat(this.keys.acknowledged(second)).isSameAs(third);
		assertThat(this.keys.acknowledged(third)).isNull();
	}

	@Test
	void runsKeysBesideEachOther() {
		assertThat(arrive(1, message("a", "1"), message("b", "2"))).containsExactly(Turn.RUN, Turn.RUN);
	}

	@Test
	void givesBackWhatWaitsBehindAFailureTogetherAndInOrder() {
		PulledMessage first = message("k", "1");
		PulledMessage second = message("k", "2");
		arrive(1, first, second);
		assertThat(this.keys.failed(first)).containsExactly(first, second);
	}

	@Test
	void givesBackWhatWasOnItsWayWhenAnEarlierOneFailed() {
		PulledMessage first = message("k", "1");
		arrive(1, first);
		this.keys.failed(first);
		assertThat(arrive(2, message("k", "2"))).containsExactly(Turn.GIVE_BACK);
		this.keys.givenBack("k", 2);
		assertThat(arrive(2, message("k", "2"))).containsExactly(Turn.GIVE_BACK);
	}

	@Test
	void goesOnWithTheFailedMessageOnceItComesAgain() {
		PulledMessage first = message("k", "1");
		arrive(1, first);
		this.keys.failed(first);
		assertThat(arrive(2, message("k", "1"), message("k", "2"))).containsExactly(Turn.RUN, Turn.WAIT);
	}

	@Test
	void goesOnWithWhatComesAfterPubSubKnowsOfTheFailure() {
		PulledMessage first = message("k", "1");
		arrive(1, first);
		this.keys.failed(first);
		this.keys.givenBack("k", 2);
		// The failed one was delivered to another instance, which is done with it.
		assertThat(arrive(3, message("k", "2"))).containsExactly(Turn.RUN);
	}

	@Test
	void forgetsAFailureThatIsOfNoConsequenceAnyMore() {
		PulledMessage first = message("k", "1");
		arrive(1, first);
		this.keys.failed(first);
		this.keys.givenBack("k", 2);
		this.keys.forget(2);
		assertThat(arrive(2, message("k", "2"))).containsExactly(Turn.GIVE_BACK);
		this.keys.forget(3);
		assertThat(arrive(2, message("k", "2"))).containsExactly(Turn.RUN);
	}

	private Turn[] arrive(long pull, PulledMessage... messages) {
		return Arrays.stream(messages).map((message) -> this.keys.arrive(message, pull)).toArray(Turn[]::new);
	}

	private static PulledMessage message(String key, String id) {
		PubsubMessage message = PubsubMessage.newBuilder().setOrderingKey(key).setMessageId(id).build();
		return new PulledMessage(ReceivedMessage.newBuilder().setAckId("ack-" + id).setMessage(message).build(),
				Delivery.pulled(new byte[0], "pubsub", true, 0));
	}

}
