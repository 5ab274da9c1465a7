package dev.backgroundjobs.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.iteration.CursorSource;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Sources;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Ten million items walked by a job, beside a bare loop over the same items: time per
 * item, and the heap while it goes on. Run it with {@code -Xmx128m}.
 */
public final class IterationBenchmark {

	private static final int ITEMS = 10_000_000;

	private static final int PAGE = 1_000;

	private static final int ROUNDS = 6;

	private static long sum;

	private IterationBenchmark() {
	}

	/**
	 * Run the benchmark.
	 * @param args ignored
	 */
	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties("jobs.backend=inline")
			.run()) {
			JobDispatcher jobs = context.getBean(JobDispatcher.class);
			Runnable bareRange = () -> {
				for (long i = 0; i < ITEMS; i++) {
					work(i);
				}
			};
			compare("range", bareRange, () -> jobs.enqueue(Jobs::range));
			Runnable barePages = () -> {
				for (List<Long> page = page(null); !page.isEmpty(); page = page(page.get(page.size() - 1))) {
					page.forEach(IterationBenchmark::work);
				}
			};
			compare("keyset, pages of " + PAGE, barePages, () -> jobs.enqueue(Jobs::keyset));
			List<Long> heap = new ArrayList<>();
			Jobs.heap = heap;
			jobs.enqueue(Jobs::keyset);
			System.out.printf("heap of %d MiB, used after a collection every million items: %s MiB%n",
					Runtime.getRuntime().maxMemory() >> 20, heap);
		}
	}

	private static void compare(String name, Runnable bare, Runnable job) {
		double[] more = new double[ROUNDS];
		for (int round = 0; round < ROUNDS; round++) {
			double barePerItem = nanosPerItem(bare);
			double jobPerItem = nanosPerItem(job);
			more[round] = jobPerItem - barePerItem;
			System.out.printf("%s: bare %.1f ns per item, as a job %.1f ns%n", name, barePerItem, jobPerItem);
		}
		Arrays.sort(more);
		System.out.printf("%s: median %.1f ns per item more (%.1f to %.1f)%n", name, more[ROUNDS / 2], more[0],
				more[ROUNDS - 1]);
	}

	private static double nanosPerItem(Runnable walk) {
		sum = 0;
		long start = System.nanoTime();
		walk.run();
		double nanos = (System.nanoTime() - start) / (double) ITEMS;
		if (sum != (ITEMS - 1L) * ITEMS / 2) {
			throw new IllegalStateException("Not every item was visited once");
		}
		return nanos;
	}

	private static void work(long item) {
		sum += item;
	}

	private static List<Long> page(@Nullable Long after) {
		long from = (after != null) ? after + 1 : 0;
		return LongStream.range(from, Math.min(ITEMS, from + PAGE)).boxed().toList();
	}

	static class Jobs {

		static @Nullable List<Long> heap;

		@BackgroundJob
		Iteration<Long> range() {
			return Iteration.over(Sources.range(0, ITEMS)).each(IterationBenchmark::work);
		}

		@BackgroundJob
		Iteration<Long> keyset() {
			CursorSource<Long, Long> source = Sources.keyset(Long.class, IterationBenchmark::page, (item) -> item);
			return Iteration.over(source).each((item) -> {
				work(item);
				List<Long> used = heap;
				if (used != null && (item + 1) % 1_000_000 == 0) {
					System.gc();
					used.add(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
				}
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Jobs jobs() {
			return new Jobs();
		}

	}

}
