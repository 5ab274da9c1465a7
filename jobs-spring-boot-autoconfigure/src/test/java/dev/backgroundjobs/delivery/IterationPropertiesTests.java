package dev.backgroundjobs.delivery;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.delivery.Mishaps.Crash;
import dev.backgroundjobs.delivery.Mishaps.Stop;
import dev.backgroundjobs.iteration.CursorIterator;
import dev.backgroundjobs.iteration.CursorSource;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.SplittableSource;
import dev.backgroundjobs.iteration.Steps;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds for an iteration whatever happens to it. Thousands of jobs are drawn, each
 * with a number that draws it again.
 */
@Timeout(300)
class IterationPropertiesTests {

	private static final int JOBS = 1_500;

	private static final List<Crash> CRASHES = Arrays.asList(Crash.values()).subList(1, Crash.values().length);

	private final Jobs jobs = new Jobs();

	private final Voyage voyage = new Voyage(this.jobs);

	private final CapturedLog log = new CapturedLog();

	@BeforeEach
	void embark() {
		this.jobs.voyage = this.voyage;
	}

	@AfterEach
	void close() {
		this.log.close();
		this.voyage.close();
	}

	@Test
	void everyItemIsVisitedOnceInOrderWhereNothingCrashes() {
		for (long seed = 0; seed < JOBS; seed++) {
			draw(seed, List.of(Crash.NONE), true);
			assertThat(log(this.voyage.deliveries)).as("%s", this.voyage).isEqualTo(expected());
		}
	}

	@Test
	void crashRepeatsAtMostTheSliceItHits() {
		long all = 0;
		for (long seed = 0; seed < 2 * JOBS; seed++) {
			draw(seed, CRASHES, true);
			List<Mishaps> lasting = lasting(this.voyage.deliveries);
			assertThat(log(lasting)).as("what is left of %s", this.voyage).isEqualTo(expected());
			int repeated = count(this.voyage.deliveries) - count(lasting);
			int repeats = this.voyage.deliveries.stream()
				.filter((delivery) -> !lasting.contains(delivery))
				.mapToInt((delivery) -> delivery.items)
				.sum();
			assertThat(repeated).as("%s", this.voyage).isEqualTo(repeats);
			all += repeats;
			long crashes = this.voyage.deliveries.size() - lasting.size();
			assertThat(visits().values()).as("%s", this.voyage)
				.allMatch((visits) -> visits >= 1 && visits <= 1 + crashes);
		}
		assertThat(all).as("items that crashes have repeated").isPositive();
	}

	@Test
	void platformThatTakesASuccessorTwiceRunsTheRestOnceMoreForEachCrash() {
		int most = 0;
		for (long seed = 0; seed < JOBS / 3; seed++) {
			draw(seed, List.of(Crash.DIES_AFTER_THE_SUCCESSOR), false);
			long crashes = this.voyage.deliveries.stream().filter((delivery) -> delivery.isDead).count();
			assertThat(visits().keySet()).as("%s", this.voyage).containsAll(items());
			assertThat(visits().values()).as("%s", this.voyage).allMatch((visits) -> visits <= 1 + crashes);
			most = Math.max(most, visits().values().stream().mapToInt(Integer::intValue).max().orElse(0));
		}
		assertThat(most).as("the most visits to an item").isGreaterThan(2);
	}

	@Test
	void longestSliceBoundsTheRepeatOnlyWhereThePlatformDeduplicates() {
		List<Mishaps> slices = List.of(new Mishaps(Stop.TIME, Crash.DIES_AFTER_THE_SUCCESSOR, 2, 0),
				new Mishaps(Stop.TIME, Crash.NONE, 2, 0));
		this.jobs.plan(10, 0);
		run("10 items, slices of 3", new Random(0), true, slices, "jobs.walk");
		assertThat(visits().values()).as("%s", this.voyage).containsExactly(2, 2, 2, 1, 1, 1, 1, 1, 1, 1);
		slices = List.of(new Mishaps(Stop.TIME, Crash.DIES_AFTER_THE_SUCCESSOR, 2, 0),
				new Mishaps(Stop.TIME, Crash.NONE, 2, 0));
		run("10 items, slices of 3", new Random(0), false, slices, "jobs.walk");
		assertThat(visits().values()).as("%s", this.voyage).containsOnly(2);
	}

	private void draw(long seed, List<Crash> crashes, boolean deduplicates) {
		this.log.clear();
		Random random = new Random(seed);
		// The first numbers of seeds that follow each other are alike.
		random.setSeed(random.nextLong());
		String job = new String[] { "jobs.walk", "jobs.batches", "jobs.steps", "jobs.parts" }[random
			.nextInt(deduplicates ? 4 : 3)];
		int size = (random.nextInt(8) == 0) ? 0 : random.nextInt(25);
		this.jobs.plan(size, random.nextInt(5));
		List<Mishaps> planned = new ArrayList<>();
		for (int i = random.nextInt(9); i > 0; i--) {
			planned.add(Mishaps.draw(random, crashes, size));
		}
		run("seed " + seed + ", " + job + " of " + size, random, deduplicates, planned, job);
	}

	private void run(String description, Random random, boolean deduplicates, List<Mishaps> planned, String job) {
		this.jobs.job = job;
		JobMessage first = JobMessage
			.builder(new UUID(random.nextLong(), random.nextLong()).toString(), job, "default",
					"[{\"text\":\"ä\", \"more\": 1.50}]", Pipe.NOW)
			.headers(Map.of("x-trace", "t1"))
			.build();
		this.voyage.run(description, random, deduplicates, planned, first);
		assertThat(this.voyage.deliveries).as("%s", this.voyage)
			.extracting((delivery) -> delivery.settlement)
			.doesNotContain(Settlement.DEAD, Settlement.UNREADABLE);
	}

	// What the platform kept of several deliveries of a message is the one whose
	// successor
	// it took, or that ended the job.
	private static List<Mishaps> lasting(List<Mishaps> deliveries) {
		Map<String, Mishaps> lasting = new LinkedHashMap<>();
		for (Mishaps delivery : deliveries) {
			String key = (delivery.message != null) ? delivery.message.deliveryKey() : "";
			if (!delivery.taken.isEmpty()) {
				lasting.put(key, delivery);
			}
			else if (delivery.settlement == Settlement.DONE && !hasSuccessor(lasting.get(key))) {
				lasting.put(key, delivery);
			}
		}
		return List.copyOf(lasting.values());
	}

	private static boolean hasSuccessor(@Nullable Mishaps delivery) {
		return delivery != null && !delivery.taken.isEmpty();
	}

	private static int count(List<Mishaps> deliveries) {
		return deliveries.stream().mapToInt((delivery) -> delivery.items).sum();
	}

	// In the order of the parts, each as it went.
	private List<String> log(List<Mishaps> deliveries) {
		Map<String, List<String>> parts = new HashMap<>();
		Map<String, Integer> order = new HashMap<>();
		for (Mishaps delivery : deliveries) {
			for (String line : delivery.log) {
				String id = line.substring(0, 36);
				parts.computeIfAbsent(id, (key) -> new ArrayList<>()).add(line.substring(37));
				JobMessage message = delivery.message;
				order.put(id, (message != null && message.parallel() != null) ? message.parallel().index() : 0);
			}
		}
		List<String> all = new ArrayList<>();
		order.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByValue())
			.forEach((entry) -> all.addAll(parts.getOrDefault(entry.getKey(), List.of())));
		return all;
	}

	private Map<String, Integer> visits() {
		Map<String, Integer> visits = new LinkedHashMap<>();
		this.voyage.deliveries.stream()
			.flatMap((delivery) -> delivery.log.stream())
			.map((line) -> line.substring(37))
			.filter((line) -> !line.contains(":"))
			.forEach((item) -> visits.merge(item, 1, Integer::sum));
		return visits;
	}

	private List<String> items() {
		return expected().stream().filter((line) -> !line.contains(":")).toList();
	}

	private List<String> expected() {
		List<String> expected = new ArrayList<>();
		switch (this.jobs.job) {
			case "jobs.steps" -> {
				expected.add("first");
				this.jobs.expect(expected, "a", 0, this.jobs.size, 1);
				expected.add("middle");
				this.jobs.expect(expected, "b", 0, this.jobs.size / 2, this.jobs.batch);
				expected.add("last");
			}
			case "jobs.parts" -> {
				long from = 0;
				for (Long last : this.jobs.numbers(this.jobs.size).split(Math.max(2, this.jobs.batch))) {
					this.jobs.expect(expected, "p", from, last + 1, 1);
					from = last + 1;
				}
				this.jobs.expect(expected, "p", from, this.jobs.size, 1);
			}
			case "jobs.batches" -> this.jobs.expect(expected, "l", 0, this.jobs.size, this.jobs.batch);
			default -> this.jobs.expect(expected, "w", 0, this.jobs.size, 1);
		}
		return expected;
	}

	/** Jobs of the drawn size. */
	static class Jobs {

		@Nullable Voyage voyage;

		String job = "";

		long size;

		int batch;

		void plan(long size, int batch) {
			this.size = size;
			this.batch = batch + 1;
		}

		Voyage voyage() {
			if (this.voyage == null) {
				throw new IllegalStateException("not planned");
			}
			return this.voyage;
		}

		@BackgroundJob(maxAttempts = "100")
		Iteration<Long> walk(Text text) {
			voyage().begin();
			return over("w", numbers(this.size));
		}

		@BackgroundJob(maxAttempts = "100")
		Iteration<List<Long>> batches(Text text) {
			voyage().begin();
			return over("l", numbers(this.size).batches(this.batch));
		}

		@BackgroundJob(maxAttempts = "100")
		Iteration<Long> parts(Text text) {
			voyage().begin();
			return over("p", numbers(this.size)).parallel(Math.max(2, this.batch));
		}

		@BackgroundJob(maxAttempts = "100")
		Steps steps(Text text) {
			voyage().begin();
			return Steps.first("first", () -> voyage().item("first"))
				.then("a", over("a", numbers(this.size)))
				.then("middle", () -> voyage().item("middle"))
				.then("b", over("b", numbers(this.size / 2).batches(this.batch)))
				.then("last", () -> voyage().item("last"));
		}

		private <T> Iteration<T> over(String name, CursorSource<T, Long> source) {
			Voyage voyage = voyage();
			return Iteration.over(source)
				.each((item) -> voyage.item(name + " " + item))
				.throttle(voyage::isThrottled, Duration.ofMinutes(1))
				.onStart(() -> {
					voyage.failAt(Stop.START_FAILS);
					voyage.say(name + ": start");
				})
				.onStop(() -> voyage.failAt(Stop.STOP_FAILS))
				.onComplete(() -> voyage.complete(name));
		}

		Numbers numbers(long size) {
			return new Numbers(0, size, () -> voyage().failAt(Stop.SOURCE_FAILS), size);
		}

		void expect(List<String> expected, String name, long from, long to, int batch) {
			expected.add(name + ": start");
			for (long i = from; i < to; i += batch) {
				List<Long> items = LongStream.range(i, Math.min(to, i + batch)).boxed().toList();
				boolean isList = name.equals("l") || name.equals("b");
				expected.add(name + " " + (isList ? items : items.get(0)));
			}
			expected.add(name + ": complete");
		}

	}

	record Text(String text, double more) {
	}

	/**
	 * Numbers of which each is its own cursor.
	 *
	 * @param from the first
	 * @param to the last and one
	 * @param check is called before each item
	 * @param said the total that is said
	 */
	record Numbers(long from, long to, Runnable check, long said) implements SplittableSource<Long, Long> {

		@Override
		public CursorIterator<Long, Long> iterate(@Nullable Long cursor) {
			return new CursorIterator<>() {

				private long next = (cursor != null) ? cursor + 1 : Numbers.this.from;

				@Override
				public boolean hasNext() {
					Numbers.this.check.run();
					return this.next < Numbers.this.to;
				}

				@Override
				public Long next() {
					return this.next++;
				}

				@Override
				public Long cursor() {
					return this.next - 1;
				}

			};
		}

		@Override
		public Type cursorType() {
			return Long.class;
		}

		@Override
		public Long total() {
			return this.said;
		}

		@Override
		public List<Long> split(int count) {
			long parts = Math.min(count, this.to - this.from);
			return LongStream.range(1, parts)
				.mapToObj((i) -> this.from + (this.to - this.from) * i / parts - 1)
				.toList();
		}

		@Override
		public CursorSource<Long, Long> range(@Nullable Long after, @Nullable Long last) {
			return new Numbers((after != null) ? after + 1 : this.from, (last != null) ? last + 1 : this.to, this.check,
					this.said);
		}

	}

}
