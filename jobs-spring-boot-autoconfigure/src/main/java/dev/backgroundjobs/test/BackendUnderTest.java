package dev.backgroundjobs.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.dispatch.QueueRouter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application around a backend that is tested, started for each test, and what a test
 * of a backend says about it.
 */
abstract class BackendUnderTest {

	private static final Clock CLOCK = Clock.systemUTC();

	private List<String> properties = List.of();

	private ConfigurableApplicationContext context;

	/**
	 * Return the value of {@code jobs.backend}.
	 * @return the backend's name
	 */
	protected abstract String backend();

	/**
	 * Return the configuration classes that bring the backend, and its worker where it
	 * has one. Nothing else of the class path is auto-configured, and no
	 * {@code application.yaml} is read. For a platform that pushes, one of them is
	 * annotated with {@code @EnableAutoConfiguration}, and {@link #properties()} has
	 * {@code spring.main.web-application-type=servlet} and {@code server.port=0}.
	 * @return the classes; none by default
	 */
	protected List<Class<?>> configurations() {
		return List.of();
	}

	/**
	 * Return properties of the application, as {@code name=value}. Asked once for each
	 * test: what one test leaves in a queue, the next must not find, so name a queue or a
	 * directory of its own for each. A backend that claims priorities is given one worker
	 * here, or their order cannot be seen.
	 * @return the properties; none by default
	 */
	protected List<String> properties() {
		return List.of();
	}

	/**
	 * Deliver what is due, where neither a {@code JobWorker} nor the platform does so by
	 * itself. Called over and over while a test waits.
	 * @param context the application
	 */
	protected void deliverDue(ConfigurableApplicationContext context) {
	}

	/**
	 * Return what a queue holds that nobody runs. Called for a backend that claims
	 * {@link BackendCapabilities#holdsDeadLetters()}.
	 * @param context the application
	 * @param queue the queue
	 * @return the messages, in the form in which they travel
	 */
	protected List<byte[]> keptMessages(ConfigurableApplicationContext context, String queue) {
		throw new UnsupportedOperationException("Backend '" + backend() + "' says that it can hold dead letters: "
				+ "override keptMessages(…) to show what queue '" + queue + "' holds");
	}

	/**
	 * Return whether an application that starts again finds the messages that waited.
	 * @return whether the backend claims to be durable; another answer befits only one
	 * that plays a platform
	 */
	protected boolean keepsMessagesOverARestart() {
		return capabilities().durable();
	}

	/**
	 * Return how long to wait for a delivery or a redelivery, at most.
	 * @return the time; 60 s by default
	 */
	protected Duration patience() {
		return Duration.ofSeconds(60);
	}

	@BeforeEach
	final void startApplication() {
		this.properties = List.copyOf(properties());
		this.context = start();
	}

	@AfterEach
	final void stopApplication() {
		this.context.close();
	}

	final void restart(String... more) {
		this.context.close();
		this.context = start(more);
	}

	final ConfigurableApplicationContext start(String... more) {
		// The last one of a name counts.
		Map<String, String> arguments = new LinkedHashMap<>();
		List<String> all = new ArrayList<>(this.properties);
		all.addAll(List.of(more));
		all.forEach((property) -> arguments.put(property.split("=", 2)[0], "--" + property));
		arguments.put("jobs.backend", "--jobs.backend=" + backend());
		arguments.put("spring.config.location", "--spring.config.location=optional:classpath:/none/");
		return new SpringApplicationBuilder(ContractApplication.class)
			.sources(configurations().toArray(Class<?>[]::new))
			.properties("spring.main.web-application-type=none", "spring.main.banner-mode=off")
			.run(arguments.values().toArray(String[]::new));
	}

	final ConfigurableApplicationContext context() {
		return this.context;
	}

	final JobDispatcher jobs() {
		return this.context.getBean(JobDispatcher.class);
	}

	final ContractApplication.Recorder recorder() {
		return this.context.getBean(ContractApplication.Recorder.class);
	}

	final JobBackend jobBackend() {
		return this.context.getBean(QueueRouter.class).defaultBackend();
	}

	final BackendCapabilities capabilities() {
		return jobBackend().capabilities();
	}

	final int firstMessageBytes() {
		return this.context.getBean(QueueRouter.class).firstMessageLimit("default").firstMessageBytes();
	}

	static Instant now() {
		return CLOCK.instant();
	}

	final void awaitRuns(String... runs) {
		await("these runs: " + List.of(runs), () -> recorder().runs().size() >= runs.length);
		List<String> sorted = recorder().runs().stream().sorted().toList();
		if (!sorted.equals(List.of(runs).stream().sorted().toList())) {
			throw new AssertionError("Expecting in any order the runs:\n  " + List.of(runs) + "\nbut there were:\n  "
					+ recorder().runs());
		}
	}

	final void await(String what, BooleanSupplier condition) {
		long end = System.nanoTime() + patience().toNanos();
		while (true) {
			deliverDue(this.context);
			if (condition.getAsBoolean()) {
				return;
			}
			if (System.nanoTime() >= end) {
				throw new AssertionError(
						"Waited " + patience().toSeconds() + " s for " + what + ". Runs so far: " + recorder().runs());
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
		}
	}

}
