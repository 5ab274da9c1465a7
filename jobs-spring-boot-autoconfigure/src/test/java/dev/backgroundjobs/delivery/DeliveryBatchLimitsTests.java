package dev.backgroundjobs.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.backgroundjobs.BackgroundJob;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class DeliveryBatchLimitsTests {

	private final Pipe pipe = new Pipe(new Jobs(), new RecordingBackend("platform", Pipe.CAPABLE));

	private final List<Settlement> settlements = new ArrayList<>();

	@Test
	void whatHasBegunIsAwaitedThoughThereIsNoThreadForMore() {
		AtomicInteger threads = new AtomicInteger();
		Executor scarce = (work) -> {
			if (threads.getAndIncrement() > 0) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			new Thread(work, "batch").start();
		};
		process(new DeliveryBatch(this.pipe.processor, 3, scarce, this.pipe.clock), null, "jobs.short", "jobs.short");
		assertThat(this.settlements).containsExactly(Settlement.DONE, Settlement.DONE);
	}

	@Test
	void withoutAnyThreadEverythingIsReleased() {
		Executor none = (work) -> {
			throw new OutOfMemoryError("unable to create native thread");
		};
		process(new DeliveryBatch(this.pipe.processor, 3, none, this.pipe.clock), null, "jobs.short", "jobs.short");
		assertThat(this.settlements).containsExactly(Settlement.UNAVAILABLE, Settlement.UNAVAILABLE);
	}

	@Test
	void whatReadingTakesIsNotGivenToTheJobs() {
		AtomicInteger looks = new AtomicInteger();
		Clock clock = clock(() -> Pipe.NOW.plusMillis((looks.getAndIncrement() == 0) ? 0 : 16_500));
		DeliveryBatch batch = new DeliveryBatch(this.pipe.processor, 3, (work) -> new Thread(work, "batch").start(),
				clock);
		long start = System.nanoTime();

		process(batch, Pipe.NOW.plusSeconds(20), "jobs.stuck", "jobs.short");

		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
		assertThat(this.settlements).containsExactly(Settlement.RELEASED, Settlement.DONE);
	}

	private void process(DeliveryBatch batch, @Nullable Instant deadline, String... jobs) {
		List<Delivery> deliveries = new ArrayList<>();
		for (String job : jobs) {
			deliveries.add(Delivery.pushed(this.pipe.bytes(Pipe.message(job, "[]").build()), true, 0, deadline));
		}
		batch.process(new DecodedRequest(deliveries, (settled) -> {
			this.settlements.addAll(settled);
			return DeliveryResponse.of(200);
		}));
	}

	private static Clock clock(Supplier<Instant> time) {
		return new Clock() {

			@Override
			public ZoneId getZone() {
				return ZoneId.of("UTC");
			}

			@Override
			public Clock withZone(ZoneId zone) {
				return this;
			}

			@Override
			public Instant instant() {
				return time.get();
			}

		};
	}

	static class Jobs {

		@BackgroundJob(name = "jobs.short")
		void shortly() {
		}

		@BackgroundJob(name = "jobs.stuck")
		void stuck() {
			long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
			CountDownLatch never = new CountDownLatch(1);
			while (System.nanoTime() < end) {
				try {
					never.await(1, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().isInterrupted();
				}
			}
		}

	}

}
