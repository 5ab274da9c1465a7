package dev.backgroundjobs.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.message.JobMessage;
import io.cloudevents.CloudEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class DeliveryBatchTests {

	private final Letters letters = new Letters();

	private final Pipe pipe = new Pipe(this.letters, new RecordingBackend("platform", Pipe.CAPABLE));

	private final List<Settlement> settlements = new ArrayList<>();

	private void process(int concurrency, Delivery... deliveries) {
		DeliveryBatch batch = new DeliveryBatch(this.pipe.processor, concurrency,
				(task) -> new Thread(task, "batch").start(), this.pipe.clock);
		batch.process(new DecodedRequest(List.of(deliveries), (settled) -> {
			this.settlements.addAll(settled);
			return DeliveryResponse.of(200);
		}));
	}

	private Delivery delivery(String text) {
		JobMessage message = Pipe.message("letters.send", "[\"" + text + "\"]").build();
		return Delivery.pushed(this.pipe.bytes(message), true, 0, null);
	}

	@Test
	void oneThatCannotBeReadDoesNotKeepOthersFromRunning() {
		CloudEvent broken = Mockito.mock(CloudEvent.class, (call) -> {
			throw new IllegalStateException("broken");
		});
		process(2, delivery("a"), Delivery.pushed(new byte[0], true, 0, null).of(broken), delivery("b"));
		assertThat(this.settlements).containsExactly(Settlement.DONE, Settlement.RELEASED, Settlement.DONE);
		assertThat(this.letters.sent).containsExactlyInAnyOrder("a", "b");
	}

	@Test
	void anErrorOfAJobDoesNotEndItsThread() {
		process(1, delivery("error"), delivery("b"), delivery("c"));
		assertThat(this.letters.sent).containsExactly("error", "b", "c");
		assertThat(this.settlements).hasSize(3).last().isEqualTo(Settlement.DONE);
	}

	@Test
	void runsInTheirOrderWhatIsDeliveredInOrder() {
		process(10, delivery("a").with(Trait.ORDERED), delivery("b").with(Trait.ORDERED),
				delivery("c").with(Trait.ORDERED));
		assertThat(this.letters.sent).containsExactly("a", "b", "c");
	}

	@Test
	void whatHasNoTimeAtAllIsReleasedWithoutARun() {
		process(2, delivery("a").withDeadline(Pipe.NOW.minusSeconds(1)), delivery("b"));
		assertThat(this.settlements).containsOnly(Settlement.UNAVAILABLE);
		assertThat(this.letters.sent).isEmpty();
	}

	@Test
	void anInterruptedThreadWaitsForTheOutcomeAndStaysInterrupted() {
		Thread.currentThread().interrupt();
		process(2, delivery("a"), delivery("b"));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.settlements).containsExactly(Settlement.DONE, Settlement.DONE);
	}

	static class Letters {

		final List<String> sent = new CopyOnWriteArrayList<>();

		@BackgroundJob(name = "letters.send")
		void send(String text) {
			this.sent.add(text);
			if (text.equals("error")) {
				throw new StackOverflowError();
			}
		}

	}

}
