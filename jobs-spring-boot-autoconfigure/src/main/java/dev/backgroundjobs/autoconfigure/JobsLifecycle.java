package dev.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.JobWorker;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;

/**
 * Starts and stops what takes messages. Stops before the web server's graceful phase: no
 * message is taken then, runs are asked to stop, and the web server waits for those that
 * came over the endpoint.
 */
final class JobsLifecycle implements SmartLifecycle {

	// Kept of the grace, to say in the log what is left before Spring goes on.
	private static final Duration MARGIN = Duration.ofMillis(300);

	private final DeliveryProcessor processor;

	private final List<JobWorker> workers;

	private final JobsStartCheck check;

	private final Duration grace;

	private volatile boolean running;

	private volatile CountDownLatch stopped = new CountDownLatch(0);

	JobsLifecycle(DeliveryProcessor processor, List<JobWorker> workers, JobsStartCheck check, Environment environment) {
		this.processor = processor;
		List<JobWorker> exclusive = workers.stream().filter(JobWorker::isExclusive).toList();
		this.workers = exclusive.isEmpty() ? workers : exclusive;
		this.check = check;
		this.grace = DurationStyle
			.detectAndParse(environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", "30s"));
	}

	@Override
	public void start() {
		this.check.check();
		this.processor.open();
		// Before the workers: if one cannot start, those that have are stopped.
		this.running = true;
		for (JobWorker worker : this.workers) {
			worker.start();
		}
		if (this.workers.stream().anyMatch(JobWorker::keepsAlive)) {
			keepAlive();
		}
	}

	// Threads of workers end with the process, so that none that hangs keeps it.
	private void keepAlive() {
		CountDownLatch stopped = new CountDownLatch(1);
		this.stopped = stopped;
		Thread thread = new Thread(() -> {
			try {
				stopped.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, "jobs-keep-alive");
		thread.setDaemon(false);
		thread.start();
	}

	@Override
	public void stop() {
		stop(() -> {
		});
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		this.stopped.countDown();
		this.processor.drain();
		this.processor.stopRuns(this.grace);
		if (this.workers.isEmpty()) {
			callback.run();
			return;
		}
		Duration wait = (this.grace.compareTo(MARGIN) > 0) ? this.grace.minus(MARGIN) : this.grace;
		AtomicInteger left = new AtomicInteger(this.workers.size());
		for (JobWorker worker : this.workers) {
			new Thread(() -> {
				try {
					worker.stop(wait);
				}
				finally {
					if (left.decrementAndGet() == 0) {
						callback.run();
					}
				}
			}, "jobs-shutdown").start();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
