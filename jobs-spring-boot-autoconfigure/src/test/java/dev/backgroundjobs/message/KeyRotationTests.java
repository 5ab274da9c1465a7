package dev.backgroundjobs.message;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.message.UntrustedMessageException.Reason;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A key is changed, instance by instance, while all of them send and receive.
 */
@Timeout(120)
class KeyRotationTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T10:11:12.345Z"), ZoneOffset.UTC);

	private static final int INSTANCES = 3;

	private static final int THREADS = 2;

	private static final int STAGES = 4;

	// So many messages are read before the next instance is changed.
	private static final int MESSAGES = 300;

	private static final JobMessage MESSAGE = JobMessage
		.builder("0198a6a2-94c8-7b0e-8f0a-000000000001", "reports.generate", "default", "[]", CLOCK.instant())
		.build();

	private final AtomicReferenceArray<JobMessageCodec> instances = new AtomicReferenceArray<>(INSTANCES);

	private final BlockingQueue<Sent> queue = new LinkedBlockingQueue<>(200);

	private final AtomicInteger stage = new AtomicInteger();

	private final AtomicIntegerArray underWay = new AtomicIntegerArray(STAGES);

	private final AtomicIntegerArray read = new AtomicIntegerArray(STAGES);

	private final Queue<Reason> refused = new ConcurrentLinkedQueue<>();

	private final List<Thread> threads = new ArrayList<>();

	enum Kind {

		SIGNING, ENCRYPTION;

		JobMessageCodec codec(String keyId, String... accepted) {
			Map<String, KeyMaterial> keys = new LinkedHashMap<>();
			for (String id : accepted) {
				keys.put(id, KeyMaterial.of(TestKeys.secret(id)));
			}
			Map<String, KeyMaterial> other = Map.of("other", KeyMaterial.of(TestKeys.secret("other")));
			boolean signing = this == SIGNING;
			return new JobMessageCodec(
					new SigningKeys(signing ? keyId : "other", signing ? keys : other, "paperwork",
							Duration.ofDays(32)),
					new EncryptionKeys(signing ? "other" : keyId, signing ? other : keys), CLOCK);
		}

	}

	@BeforeEach
	void prepare() {
		for (int i = 0; i < THREADS; i++) {
			this.threads.add(new Thread(this::send));
			this.threads.add(new Thread(this::receive));
		}
	}

	@AfterEach
	void stop() throws InterruptedException {
		this.threads.forEach(Thread::interrupt);
		for (Thread thread : this.threads) {
			thread.join();
		}
	}

	@ParameterizedTest
	@EnumSource
	void inTheRightOrderNoMessageIsRefused(Kind kind) {
		// given
		for (int i = 0; i < INSTANCES; i++) {
			this.instances.set(i, kind.codec("old", "old"));
		}
		this.threads.forEach(Thread::start);
		awaitMessages();

		// when
		roll(kind.codec("old", "old", "new"));
		roll(kind.codec("new", "old", "new"));
		roll(kind.codec("new", "new"));

		// then
		assertThat(this.refused).isEmpty();
		for (int i = 0; i < STAGES; i++) {
			assertThat(this.read.get(i)).as("stage %d", i).isPositive();
		}
	}

	@ParameterizedTest
	@EnumSource
	void aKeyThatIsTakenAwayTooEarlyIsMissed(Kind kind) {
		// given
		for (int i = 0; i < INSTANCES; i++) {
			this.instances.set(i, kind.codec("old", "old", "new"));
		}
		this.instances.set(0, kind.codec("new", "new"));

		// when
		this.threads.forEach(Thread::start);

		// then
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !this.refused.isEmpty());
		assertThat(this.refused).containsOnly(Reason.UNKNOWN_KEY);
	}

	@ParameterizedTest
	@EnumSource
	void aKeyThatIsUsedBeforeAllAcceptItIsMissed(Kind kind) {
		// given
		for (int i = 0; i < INSTANCES; i++) {
			this.instances.set(i, kind.codec("old", "old"));
		}
		this.instances.set(0, kind.codec("new", "old", "new"));

		// when
		this.threads.forEach(Thread::start);

		// then
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !this.refused.isEmpty());
		assertThat(this.refused).containsOnly(Reason.UNKNOWN_KEY);
	}

	// One instance after the other, while messages go to all of them. Then what was sent
	// before has to arrive, or the next stage would take its key away.
	private void roll(JobMessageCodec next) {
		for (int i = 0; i < INSTANCES; i++) {
			awaitMessages();
			this.instances.set(i, next);
		}
		int older = this.stage.getAndIncrement();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> this.underWay.get(older) == 0);
		awaitMessages();
	}

	private void awaitMessages() {
		int current = this.stage.get();
		int before = this.read.get(current);
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> this.read.get(current) > before + MESSAGES);
	}

	private void send() {
		try {
			while (!Thread.interrupted()) {
				int current = this.stage.get();
				this.underWay.incrementAndGet(current);
				// Who saw the older stage must be counted before it is taken for over.
				if (this.stage.get() == current) {
					this.queue.put(new Sent(current, any().encode(MESSAGE).bytes()));
				}
				else {
					this.underWay.decrementAndGet(current);
				}
			}
		}
		catch (InterruptedException ex) {
			// The test is over.
		}
	}

	private void receive() {
		try {
			while (!Thread.interrupted()) {
				Sent sent = this.queue.poll(1, TimeUnit.SECONDS);
				if (sent != null) {
					any().decode(sent.body(), false);
					this.read.incrementAndGet(sent.stage());
					this.underWay.decrementAndGet(sent.stage());
				}
			}
		}
		catch (UntrustedMessageException ex) {
			this.refused.add(ex.reason());
		}
		catch (InterruptedException ex) {
			// The test is over.
		}
	}

	private JobMessageCodec any() {
		return this.instances.get(ThreadLocalRandom.current().nextInt(INSTANCES));
	}

	@SuppressWarnings("ArrayRecordComponent")
	record Sent(int stage, byte[] body) {
	}

}
