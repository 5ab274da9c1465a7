package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.execution.Lease;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(60)
class SqsLeasesTests {

	private static final SqsPollSettings SETTINGS = new SqsPollSettings("letters", false, 10, Duration.ofSeconds(20),
			Duration.ofSeconds(60), Duration.ofHours(1), Duration.ofSeconds(10));

	private final RecordingSqs sqs = new RecordingSqs();

	private final List<Runnable> waiting = new ArrayList<>();

	private final SqsLeases leases = create(Runnable::run);

	private final long start = System.nanoTime();

	private Lease lease = new Lease();

	@BeforeEach
	void takeOne() {
		this.lease = take("a");
	}

	@Test
	void asksForNothingForAShortJob() {
		this.leases.tick(after(19));
		assertThat(this.leases.remove("a")).isTrue();
		this.leases.tick(after(30));
		assertThat(this.sqs.changes).isEmpty();
		assertThat(this.lease.isLost()).isFalse();
	}

	@Test
	void extendsAMessageAfterAThirdOfItsTime() {
		this.leases.tick(after(21));
		assertThat(this.sqs.changes).containsExactly("[a] 60");
		this.leases.tick(after(35));
		assertThat(this.sqs.changes).as("not again so soon").hasSize(1);
	}

	@Test
	void asksForTenMessagesTogether() {
		for (int i = 0; i < 11; i++) {
			take("b" + i);
		}
		this.leases.tick(after(21));
		assertThat(this.sqs.changes).hasSize(2);
	}

	@Test
	void losesAMessageThatIsRefused() {
		Lease other = take("b");
		this.sqs.refuses = (handle) -> handle.equals("a") ? "ReceiptHandleIsInvalid" : null;
		this.leases.tick(after(21));
		assertThat(this.lease.isLost()).isTrue();
		assertThat(other.isLost()).isFalse();
		assertThat(this.leases.remove("a")).as("nothing is said about what is somebody else's").isFalse();
	}

	@Test
	void asksAgainForAMessageThatCouldNotBeExtendedForNow() {
		this.sqs.refuses = (handle) -> "!InternalError";
		this.leases.tick(after(21));
		this.leases.tick(after(22));
		assertThat(this.sqs.changes).hasSize(2);
		assertThat(this.lease.isLost()).isFalse();
	}

	@Test
	void losesAMessageThatCannotBeExtendedBeforeItsTimeIsOver() {
		this.sqs.isDown = true;
		this.leases.tick(after(21));
		this.leases.tick(after(58));
		assertThat(this.lease.isLost()).isFalse();
		this.leases.tick(after(60) - Duration.ofMillis(500).toNanos());
		assertThat(this.lease.isLost()).isTrue();
		assertThat(this.leases.remove("a")).isFalse();
	}

	@Test
	void keepsAMessageForTwelveHoursInAllAtMost() {
		int end = (int) Duration.ofHours(12).toSeconds() - 30;
		for (int second = 1; second < end - 2; second++) {
			this.leases.tick(after(second));
		}
		assertThat(this.lease.isLost()).isFalse();
		assertThat(this.sqs.changes).allMatch((change) -> change.startsWith("[a] "));
		this.sqs.changes.clear();
		this.leases.tick(after(end));
		assertThat(this.lease.isLost()).isTrue();
		assertThat(this.sqs.changes).as("no more to be had").isEmpty();
	}

	@Test
	void losesNoOtherMessageBesideOneAtItsEnd() {
		long end = after((int) Duration.ofHours(12).toSeconds() - 30);
		SqsReceived other = received("b", end - Duration.ofSeconds(75).toNanos());
		boolean isAdded = false;
		// Of such a delay of the timer a second is left at the end.
		for (long now = this.start; now < end; now += Duration.ofMillis(1_006).toNanos()) {
			if (!isAdded && now > other.receivedAt()) {
				this.leases.add(other);
				isAdded = true;
			}
			this.leases.tick(now);
		}
		this.leases.tick(end);
		assertThat(this.lease.isLost()).isTrue();
		assertThat(other.lease().isLost()).isFalse();
		assertThat(this.sqs.changes).filteredOn((change) -> change.contains("b"))
			.isNotEmpty()
			.allMatch((change) -> change.endsWith(" 60"));
	}

	@Test
	void letsGoOfAMessageWhoseRunHasLostTheRightToSettle() {
		this.lease.lose();
		this.leases.tick(after(21));
		assertThat(this.sqs.changes).isEmpty();
		assertThat(this.leases.remove("a")).isFalse();
	}

	@Test
	void givesUpAllAtTheEnd() {
		assertThat(this.leases.loseAll()).containsExactly("a");
		assertThat(this.lease.isLost()).isTrue();
		assertThat(this.leases.loseAll()).isEmpty();
	}

	@Test
	void givesUpAllAtTheEndWhileTheyAreExtended() throws InterruptedException {
		List<Lease> all = new ArrayList<>();
		for (int i = 0; i < 2_000; i++) {
			all.add(take("b" + i));
		}
		AtomicBoolean isOver = new AtomicBoolean();
		CountDownLatch extended = new CountDownLatch(1);
		Thread extending = new Thread(() -> {
			for (int i = 1; !isOver.get(); i++) {
				this.leases.tick(after(21 * i));
				extended.countDown();
			}
		});
		extending.start();
		extended.await();
		List<String> left = this.leases.loseAll();
		isOver.set(true);
		extending.join();
		assertThat(left).hasSize(2_001);
		assertThat(all).allMatch(Lease::isLost);
	}

	@Test
	void asksNothingAboutAMessageThatIsSettledMeanwhile() {
		SqsLeases late = create(this.waiting::add);
		late.add(received("b", this.start));
		late.tick(after(21));
		late.remove("b");
		this.waiting.forEach(Runnable::run);
		assertThat(this.sqs.changes).isEmpty();
	}

	@Test
	void letsWhoeverSettlesWaitForAnExtensionThatIsUnderWay() throws InterruptedException {
		SqsLeases late = create(this.waiting::add);
		late.add(received("b", this.start));
		late.tick(after(21));
		Thread settling = new Thread(() -> late.awaitCalls(List.of("b")));
		settling.start();
		settling.join(100);
		assertThat(settling.isAlive()).isTrue();
		late.awaitCalls(List.of("c"));
		this.waiting.forEach(Runnable::run);
		settling.join();
	}

	// As for want of a thread: whoever settles would wait for ever, and so would a stop.
	@Test
	void asksAgainWhenNothingCouldBeAsked() {
		SqsLeases late = create((call) -> {
			throw new OutOfMemoryError("unable to create native thread");
		});
		late.add(received("b", this.start));
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> late.tick(after(21)));

		late.awaitCalls(List.of("b"));
		assertThatExceptionOfType(OutOfMemoryError.class).as("it tries again").isThrownBy(() -> late.tick(after(22)));
	}

	private SqsLeases create(Executor calls) {
		return new SqsLeases(SETTINGS, new SqsInbox(() -> this.sqs, () -> "url", SETTINGS, BackendRequests.NONE),
				calls);
	}

	private Lease take(String handle) {
		SqsReceived message = received(handle, this.start);
		this.leases.add(message);
		return message.lease();
	}

	private static SqsReceived received(String handle, long at) {
		return new SqsReceived(handle, handle, null, List.of(Delivery.pulled(new byte[0], "sqs", true, 0)), at);
	}

	private long after(int seconds) {
		return this.start + Duration.ofSeconds(seconds).toNanos();
	}

}
