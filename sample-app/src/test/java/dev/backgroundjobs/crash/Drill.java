package dev.backgroundjobs.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import dev.backgroundjobs.crash.application.Breakage;
import dev.backgroundjobs.crash.application.CrashPoint;
import dev.backgroundjobs.history.HistoryEvent;
import dev.backgroundjobs.history.HistoryEvent.Type;
import dev.backgroundjobs.history.HistoryLog;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application in a process of its own, started again whenever it has died, with a
 * platform and callers around it.
 */
final class Drill implements AutoCloseable {

	// Runtime.halt in CrashSwitch; 128 + 9 and 128 + 15 from the signals.
	private static final int KILLED = 137;

	private static final int TERMINATED = 143;

	private final Path directory;

	private final Random random;

	private final PackagedSample sample;

	private final HistoryLog history;

	private final PushPlatform platform;

	private final Load load;

	private ApplicationProcess application;

	private int starts;

	private int eventsBefore;

	/**
	 * Start the application.
	 * @param name the name of a directory below {@code target/crash}, for the history and
	 * the logs
	 * @param seed what decides the order of jobs and the times of deaths
	 */
	Drill(String name, long seed) throws IOException, InterruptedException {
		this.directory = Path.of("target", "crash", name).toAbsolutePath();
		FileSystemUtils.deleteRecursively(this.directory);
		Files.createDirectories(this.directory);
		this.random = new Random(seed);
		this.sample = PackagedSample.get();
		this.history = HistoryLog.open(this.directory.resolve("history"), "test");
		this.platform = new PushPlatform(this.history, seed, Duration.ofSeconds(20));
		this.load = new Load(this.platform, this.history);
		this.application = start();
	}

	private ApplicationProcess start() throws IOException {
		ApplicationProcess started = ApplicationProcess.start(this.sample, this.directory, "app-" + ++this.starts,
				this.platform);
		await().atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(10))
			.failFast("The application did not start: " + started, () -> !started.isAlive())
			.until(() -> this.platform.target() != null);
		return started;
	}

	Load load() {
		return this.load;
	}

	PushPlatform platform() {
		return this.platform;
	}

	/**
	 * Have every kind of job enqueued once at least, in a random order.
	 * @param slow how long the slow one takes
	 */
	void enqueueAllKinds(Duration slow) {
		Duration none = Duration.ZERO;
		List<Runnable> calls = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			calls.add(() -> this.load.enqueue("crash.succeed", none, none));
		}
		calls.add(() -> this.load.enqueue("crash.succeed", Duration.ofMillis(300), none));
		calls.add(() -> this.load.enqueue("crash.succeed", Duration.ofMillis(1400), none));
		calls.add(() -> this.load.enqueue("crash.retry", none, none));
		calls.add(() -> this.load.enqueue("crash.retry", none, none));
		calls.add(() -> this.load.enqueue("crash.fail", none, none));
		calls.add(() -> this.load.enqueue("crash.discard", none, none));
		calls.add(() -> this.load.enqueue("crash.slow", none, slow));
		calls.add(() -> this.load.enqueue("crash.linger", none, Duration.ofMillis(400)));
		calls.add(() -> this.load.enqueue("crash.fan-out", none, none));
		calls.add(() -> this.load.enqueueAll(3));
		Collections.shuffle(calls, this.random);
		calls.forEach(Runnable::run);
	}

	/**
	 * Tell the process to die when it has come to a point a few times.
	 */
	void arm(CrashPoint point) throws IOException, InterruptedException {
		int pass = 1 + this.random.nextInt(point.passes());
		this.load.order("/crash/points?point=" + point + "&pass=" + pass);
	}

	void misbehave(Breakage breakage) throws IOException, InterruptedException {
		this.load.order("/crash/breakages?breakage=" + breakage);
	}

	/**
	 * Wait until the process has died where it was told to, and start another.
	 */
	void awaitDeath(CrashPoint point) throws IOException, InterruptedException {
		restartAfter(Type.KILLED, KILLED, point.name());
	}

	/**
	 * Kill the process from outside after a random time, and start another.
	 */
	void kill(Duration longest) throws IOException, InterruptedException {
		this.application.awaitExit(randomly(longest));
		this.application.kill();
		restartAfter(Type.KILLED, KILLED, "from outside");
	}

	/**
	 * Ask the process to stop after a random time, and start another when it has.
	 */
	void stop(Duration longest) throws IOException, InterruptedException {
		this.application.awaitExit(randomly(longest));
		this.application.stop();
		restartAfter(Type.STOPPED, TERMINATED, "asked to");
	}

	private Duration randomly(Duration longest) {
		return Duration.ofMillis(this.random.nextInt((int) longest.toMillis()));
	}

	private void restartAfter(Type type, int code, String where) throws IOException, InterruptedException {
		assertThat(this.application.awaitExit(Duration.ofSeconds(40))).as("exit of %s", this.application)
			.hasValue(code);
		this.platform.forgetTheTarget();
		this.history.writeOf(this.application.name(), type, "", -1, where);
		this.application = start();
	}

	/**
	 * Wait until all callers have been told, the platform has nothing left to deliver and
	 * nothing runs, and judge what has happened since the last time.
	 */
	Judgement settle() {
		await().atMost(Duration.ofSeconds(90))
			.pollInterval(Duration.ofMillis(20))
			.untilAsserted(
					() -> assertThat(this.load.isPending() ? "callers wait" : this.platform.left()).isEqualTo(0L));
		// Where the rules are broken, a run can outlast its delivery.
		await().atMost(Duration.ofSeconds(30)).until(() -> openRuns() == 0);
		assertThat(this.load.failures()).isEmpty();
		List<HistoryEvent> events = events();
		this.eventsBefore += events.size();
		return Judgement.of(events);
	}

	private long openRuns() {
		return events().stream()
			.filter((event) -> event.process().equals(this.application.name()))
			.mapToInt((event) -> (event.type() == Type.STARTED) ? 1 : (event.type() == Type.ENDED) ? -1 : 0)
			.sum();
	}

	private List<HistoryEvent> events() {
		List<HistoryEvent> all = HistoryLog.read(this.directory.resolve("history"));
		return List.copyOf(all.subList(this.eventsBefore, all.size()));
	}

	Path write(String name, String text) throws IOException {
		return Files.writeString(this.directory.resolve(name), text, StandardOpenOption.CREATE,
				StandardOpenOption.TRUNCATE_EXISTING);
	}

	@Override
	public void close() {
		this.application.kill();
		this.load.close();
		this.platform.close();
		this.history.close();
	}

}
