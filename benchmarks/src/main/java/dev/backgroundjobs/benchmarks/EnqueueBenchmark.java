package dev.backgroundjobs.benchmarks;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@code enqueue} onto a backend that encodes the message and sends nothing, beside what
 * a controller would do by hand before it called the client: write the argument as JSON.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class EnqueueBenchmark {

	private static final String DOCUMENT = "01a20188-6a28-71f0-afe3-49c324578c12";

	/** How messages travel and what watches them. */
	@Param({ "plain", "signed", "encrypted", "signed-and-encrypted", "observed" })
	String form = "plain";

	private final JsonMapper mapper = JsonMapper.builder().build();

	@SuppressWarnings("NullAway.Init")
	private ConfigurableApplicationContext context;

	@SuppressWarnings("NullAway.Init")
	private JobDispatcher jobs;

	/**
	 * Start the application.
	 */
	@Setup(Level.Trial)
	public void start() {
		List<String> properties = new ArrayList<>(List.of("--jobs.backend=nowhere"));
		if (this.form.contains("signed")) {
			properties.addAll(List.of("--jobs.signing.key-id=k1", "--jobs.signing.keys.k1=" + key()));
		}
		if (this.form.contains("encrypted")) {
			properties.addAll(List.of("--jobs.encryption.key-id=e1", "--jobs.encryption.keys.e1=" + key()));
		}
		if (this.form.equals("observed")) {
			properties.add("--spring.autoconfigure.exclude=");
		}
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run(properties.toArray(String[]::new));
		this.jobs = this.context.getBean(JobDispatcher.class);
	}

	/**
	 * Stop the application.
	 */
	@TearDown(Level.Trial)
	public void stop() {
		this.context.close();
	}

	/**
	 * The dispatcher.
	 * @return what it returns
	 */
	@Benchmark
	public EnqueuedJob enqueue() {
		return this.jobs.enqueue(Jobs::noop, new Argument(DOCUMENT));
	}

	/**
	 * By hand.
	 * @return the body
	 */
	@Benchmark
	public byte[] bare() {
		return this.mapper.writeValueAsBytes(Map.of("job", "noop", "argument", new Argument(DOCUMENT)));
	}

	private static String key() {
		byte[] key = new byte[32];
		new SecureRandom().nextBytes(key);
		return Base64.getEncoder().encodeToString(key);
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
