package dev.backgroundjobs.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

import com.sun.management.OperatingSystemMXBean;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.JobScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.InMemoryStorageProvider;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The local backend beside a bare executor whose {@code submit} writes and reads the same
 * JSON argument, and beside JobRunr with its storage in memory: time from enqueue to
 * start, and throughput.
 */
public final class LocalBenchmark {

	private static final int THREADS = 10;

	private static final int SINGLE = 20_000;

	private static final int BULK = 200_000;

	private static final int NEIGHBOURS = 5_000;

	private static final int ROUNDS = 6;

	private static final long[] LATENCIES = new long[SINGLE];

	private static final AtomicInteger RECORDED = new AtomicInteger();

	private static final Semaphore DONE = new Semaphore(0);

	private LocalBenchmark() {
	}

	/**
	 * Run the benchmark.
	 * @param args ignored
	 */
	public static void main(String[] args) throws InterruptedException {
		JsonMapper mapper = JsonMapper.builder().build();
		ExecutorService executor = Executors.newFixedThreadPool(THREADS);
		LongConsumer bare = (sent) -> {
			String json = mapper.writeValueAsString(new Argument("01a20188-6a28-71f0-afe3-49c324578c12", sent));
			executor.execute(() -> record(mapper.readValue(json, Argument.class)));
		};
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties("jobs.backend=local", "jobs.local.concurrency=" + THREADS)
			.run()) {
			JobDispatcher jobs = context.getBean(JobDispatcher.class);
			LongConsumer local = (sent) -> jobs.enqueue(Jobs::noop,
					new Argument("01a20188-6a28-71f0-afe3-49c324578c12", sent));
			double[] ratios = new double[ROUNDS - 1];
			for (int round = 0; round < ROUNDS; round++) {
				double barePerSecond = throughput(bare);
				double localPerSecond = throughput(local);
				if (round > 0) {
					ratios[round - 1] = localPerSecond / barePerSecond;
				}
				System.out.printf("round %d: bare %.0f/s, local %.0f/s, ratio %.2f%n", round, barePerSecond,
						localPerSecond, localPerSecond / barePerSecond);
			}
			Arrays.sort(ratios);
			System.out.printf("throughput ratio: median %.2f (%.2f to %.2f)%n", ratios[ratios.length / 2], ratios[0],
					ratios[ratios.length - 1]);
			neighbour();
			latency("bare", bare);
			latency("local", local);
		}
		finally {
			executor.shutdown();
		}
	}

	// Polls its storage, as it would a database, so the time from enqueue to start is the
	// poll interval.
	private static void neighbour() throws InterruptedException {
		JobScheduler scheduler = JobRunr.configure()
			.useStorageProvider(new InMemoryStorageProvider())
			.useBackgroundJobServer(BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
				.andWorkerCount(THREADS)
				.andPollInterval(Duration.ofMillis(200)))
			.initialize()
			.getJobScheduler();
		for (int round = 0; round < 3; round++) {
			long start = System.nanoTime();
			for (int i = 0; i < NEIGHBOURS; i++) {
				scheduler.enqueue(() -> LocalBenchmark.neighbourRan("01a20188-6a28-71f0-afe3-49c324578c12"));
			}
			double enqueued = NEIGHBOURS * 1e9 / (System.nanoTime() - start);
			DONE.acquire(NEIGHBOURS);
			System.out.printf("JobRunr in memory: %.0f/s enqueued, %.0f/s enqueued and run%n", enqueued,
					NEIGHBOURS * 1e9 / (System.nanoTime() - start));
		}
		JobRunr.destroy();
	}

	/**
	 * The neighbour's job, which must be public.
	 * @param documentId the argument
	 */
	public static void neighbourRan(String documentId) {
		DONE.release();
	}

	private static double throughput(LongConsumer target) throws InterruptedException {
		long start = System.nanoTime();
		long cpu = processCpuTime();
		for (int i = 0; i < BULK; i++) {
			target.accept(0);
		}
		DONE.acquire(BULK);
		System.out.printf("%.2f µs CPU each, ", (processCpuTime() - cpu) / 1e3 / BULK);
		return BULK * 1e9 / (System.nanoTime() - start);
	}

	private static long processCpuTime() {
		return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
	}

	// One at a time, as requests of a quiet service come.
	private static void latency(String name, LongConsumer target) throws InterruptedException {
		RECORDED.set(0);
		for (int i = 0; i < SINGLE; i++) {
			target.accept(System.nanoTime());
			DONE.acquire();
			LockSupport.parkNanos(20_000);
		}
		long[] sorted = LATENCIES.clone();
		Arrays.sort(sorted);
		System.out.printf("enqueue to start, %s: p50 %.0f µs, p99 %.0f µs%n", name, sorted[SINGLE / 2] / 1e3,
				sorted[SINGLE * 99 / 100] / 1e3);
	}

	private static void record(Argument argument) {
		if (argument.sent() != 0) {
			LATENCIES[RECORDED.getAndIncrement()] = System.nanoTime() - argument.sent();
		}
		DONE.release();
	}

	record Argument(String documentId, long sent) {
	}

	static class Jobs {

		@BackgroundJob(name = "noop")
		void noop(Argument argument) {
			record(argument);
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
