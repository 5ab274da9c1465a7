package dev.backgroundjobs.adapter.pubsub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.ReceivedMessage;
import dev.backgroundjobs.adapter.pubsub.PubSubKeys.GoneBack;
import dev.backgroundjobs.adapter.pubsub.PubSubKeys.Turn;
import dev.backgroundjobs.delivery.Delivery;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PubSubKeysTests {

	private final PubSubKeys keys = new PubSubKeys();

	private final long now = System.nanoTime();

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
		assertThat(failed(first).messages()).containsExactly(first, second);
	}

	@Test
	void givesBackWhatWasOnItsWayWhenAnEarlierOneFailed() {
		PulledMessage first = message("k", "1");
		arrive(1, first);
		GoneBack back = failed(first);
		assertThat(arrive(2, message("k", "2"))).containsExactly(Turn.GIVE_BACK);
		this.keys.givenBack(back, 2);
		assertThat(arrive(2, message("k", "3"))).containsExactly(Turn.GIVE_BACK);
		assertThat(arrive(3, message("k", "2"), message("k", "1"))).containsExactly(Turn.WAIT, Turn.RUN);
	}

	// It came again, and failed again, before the answer to the first time was heard.
	@Test
	void takesALateAnswerForNoneAboutTheFailureAfterIt() {
		PulledMessage first = message("k", "1");
		arrive(1, first);
		GoneBack back = failed(first);
		arrive(2, first);
		GoneBack backAgain = failed(first);
		this.keys.givenBack(back, 2);
		assertThat(arrive(3, message("k", "2"))).containsExactly(Turn.GIVE_BACK);
		this.keys.givenBack(backAgain, 3);
		assertThat(arrive(4, first, message("k", "2"))).containsExactly(Turn.RUN, Turn.WAIT);
	}

	@Test
	void goesOnWithTheFailedMessageOnceItComesAgain() {
		PulledMessage first = message("k", "1");
		arrive(1, first);
		failed(first);
		assertThat(arrive(2, message("k", "1"), message("k", "2"))).containsExactly(Turn.RUN, Turn.WAIT);
	}

	@Test
	void runsWhatWentBackBeforeWhateverComesInBetween() {
		PulledMessage first = message("k", "1");
		PulledMessage second = message("k", "2");
		PulledMessage third = message("k", "3");
		arrive(1, first, second);
		GoneBack back = failed(first);
		this.keys.givenBack(back, 2);
		assertThat(arrive(3, third, second, first)).containsExactly(Turn.WAIT, Turn.WAIT, Turn.RUN);
		assertThat(this.keys.acknowledged(first)).isSameAs(second);
		assertThat(this.keys.acknowledged(second)).isSameAs(third);
		assertThat(this.keys.acknowledged(third)).isNull();
	}

	@Test
	void givesBackEverythingInItsOrderWhenAMessageFailsAgain() {
		PulledMessage first = message("k", "1");
		PulledMessage second = message("k", "2");
		PulledMessage third = message("k", "3");
		arrive(1, first, second);
		GoneBack back = failed(first);
		this.keys.givenBack(back, 2);
		arrive(3, third, second, first);
		assertThat(failed(first).messages()).containsExactly(first, second, third);
	}

	// Its time was over while it waited for the first, so that Pub/Sub sent it again.
	@Test
	void keepsEachDeliveryOfAMessageThatComesTwiceBeforeItsTurn() {
		PulledMessage first = message("k", "1");
		PulledMessage second = message("k", "2");
		PulledMessage secondAgain = message("k", "2");
		arrive(1, first, second);
		GoneBack back = failed(first);
		this.keys.givenBack(back, 2);
		assertThat(arrive(3, second, secondAgain, first)).containsExactly(Turn.WAIT, Turn.WAIT, Turn.RUN);
		List<PulledMessage> inHand = new ArrayList<>();
		for (PulledMessage next = first; next != null; next = this.keys.acknowledged(next)) {
			inHand.add(next);
		}
		assertThat(inHand).usingElementComparator((one, other) -> (one == other) ? 0 : 1)
			.containsExactly(first, second, secondAgain);
		assertThat(arrive(4, message("k", "3"))).containsExactly(Turn.RUN);
	}

	@Test
	void waitsOnceForAMessageThatWentBackTwice() {
		PulledMessage first = message("k", "1");
		arrive(1, first, message("k", "1"));
		GoneBack back = failed(first);
		this.keys.givenBack(back, 2);
		arrive(3, first);
		assertThat(this.keys.acknowledged(first)).isNull();
		assertThat(arrive(4, message("k", "2"))).containsExactly(Turn.RUN);
	}

	@Test
	void waitsOnlyAWhileForWhatAnotherInstanceMayHaveGot() {
		PulledMessage first = message("k", "1");
		PulledMessage second = message("k", "2");
		arrive(1, first);
		GoneBack back = failed(first);
		this.keys.givenBack(back, 2);
		assertThat(arrive(3, second)).containsExactly(Turn.WAIT);
		assertThat(this.keys.overdue(this.now + PubSubKeys.HOLD.toNanos())).isEmpty();
		assertThat(this.keys.overdue(this.now + PubSubKeys.HOLD.toNanos() + 1)).containsExactly(second);
		assertThat(this.keys.acknowledged(second)).isNull();
		assertThat(arrive(4, message("k", "3"))).containsExactly(Turn.RUN);
	}

	@Test
	void forgetsAFailureThatIsOfNoConsequenceAnyMore() {
		PulledMessage first = message("k", "1");
		arrive(1, first);
		GoneBack back = failed(first);
		this.keys.givenBack(back, 2);
		assertThat(this.keys.overdue(this.now + Duration.ofMinutes(12).toNanos())).isEmpty();
		assertThat(arrive(3, message("k", "2"))).containsExactly(Turn.RUN);
	}

	private GoneBack failed(PulledMessage message) {
		return this.keys.failed(message, this.now);
	}

	private Turn[] arrive(long pull, PulledMessage... messages) {
		return Arrays.stream(messages).map((message) -> this.keys.arrive(message, pull, this.now)).toArray(Turn[]::new);
	}

	private static PulledMessage message(String key, String id) {
		PubsubMessage message = PubsubMessage.newBuilder().setOrderingKey(key).setMessageId(id).build();
		return new PulledMessage(ReceivedMessage.newBuilder().setAckId("ack-" + id).setMessage(message).build(),
				Delivery.pulled(new byte[0], "pubsub", true, 0));
	}

}
