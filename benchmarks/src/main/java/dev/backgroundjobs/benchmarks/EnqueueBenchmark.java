package dev.backgroundjobs.benchmarks;

import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

import com.sun.management.ThreadMXBean;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * CPU time and allocation of one {@code enqueue} onto a backend that encodes the message
 * and sends nothing: what comes on top of the raw client's call.
 */
public final class EnqueueBenchmark {

	private static final int CALLS = 200_000;

	private static final int ROUNDS = 7;

	private EnqueueBenchmark() {
	}

	/**
	 * Run the benchmark.
	 * @param args ignored
	 */
	public static void main(String[] args) {
		measure("plain");
		String[] signing = { "jobs.signing.key-id=k1", "jobs.signing.keys.k1=" + key() };
		String[] encryption = { "jobs.encryption.key-id=e1", "jobs.encryption.keys.e1=" + key() };
		measure("signed (HS256)", signing);
		measure("encrypted (A256GCM)", encryption);
		measure("signed and encrypted", signing[0], signing[1], encryption[0], encryption[1]);
	}

	private static String key() {
		byte[] key = new byte[32];
		new SecureRandom().nextBytes(key);
		return Base64.getEncoder().encodeToString(key);
	}

	private static void measure(String name, String... properties) {
		SpringApplicationBuilder application = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties("jobs.backend=nowhere", "logging.level.root=warn", "spring.main.banner-mode=off")
			.properties(properties);
		try (ConfigurableApplicationContext context = application.run()) {
			JobDispatcher jobs = context.getBean(JobDispatcher.class);
			double[] micros = new double[ROUNDS];
			long bytes = 0;
			ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
			for (int round = 0; round < ROUNDS; round++) {
				long cpu = threads.getCurrentThreadCpuTime();
				bytes = threads.getCurrentThreadAllocatedBytes();
				for (int i = 0; i < CALLS; i++) {
					jobs.enqueue(Jobs::noop, new Argument("01a20188-6a28-71f0-afe3-49c324578c12"));
				}
				micros[round] = (threads.getCurrentThreadCpuTime() - cpu) / 1_000.0 / CALLS;
				bytes = (threads.getCurrentThreadAllocatedBytes() - bytes) / CALLS;
			}
			double[] warm = Arrays.copyOfRange(micros, 2, ROUNDS);
			Arrays.sort(warm);
			System.out.printf("enqueue, %s: %.2f µs CPU (%.2f to %.2f), %d bytes allocated%n", name,
					warm[warm.length / 2], warm[0], warm[warm.length - 1], bytes);
		}
	}

	record Argument(String documentId) {
	}

	static class Jobs {

		@BackgroundJob(name = "noop")
		void noop(Argument argument) {
		}

	}

	/**
	 * Encodes messages and sends nothing.
	 */
	static final class Nowhere implements JobBackend {

		private final JobMessageCodec codec;

		private long sent;

		Nowhere(JobMessageCodec codec) {
			this.codec = codec;
		}

		@Override
		public String name() {
			return "nowhere";
		}

		@Override
		public String enqueue(JobMessage message) {
			this.sent += this.codec.encode(message).bytes().length;
			return "n-" + this.sent;
		}

		@Override
		public String enqueueAt(JobMessage message, Instant time) {
			return enqueue(message);
		}

		@Override
		public BackendCapabilities capabilities() {
			return BackendCapabilities.none().withDurable();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Jobs jobs() {
			return new Jobs();
		}

		@Bean
		Nowhere nowhere(JobMessageCodec codec) {
			return new Nowhere(codec);
		}

	}

}
