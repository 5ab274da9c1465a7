package dev.backgroundjobs.docs;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.JobWorker;
import dev.backgroundjobs.delivery.Settlement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages from a {@link JobDirectory}, beside other workers in this process and
 * others.
 */
final class DirectoryJobWorker implements JobWorker {

	private static final Logger logger = LoggerFactory.getLogger(DirectoryJobWorker.class);

	private final JobDirectory directory;

	private final DeliveryProcessor processor;

	private final Clock clock;

	private final Duration lease;

	private final List<Thread> threads = new ArrayList<>();

	private CountDownLatch stopped = new CountDownLatch(1);

	DirectoryJobWorker(JobDirectory directory, DeliveryProcessor processor, Clock clock, Duration lease) {
		this.directory = directory;
		this.processor = processor;
		this.clock = clock;
		this.lease = lease;
	}

	@Override
	public void start() {
		CountDownLatch stopped = new CountDownLatch(1);
		this.stopped = stopped;
		for (int i = 0; i < 4; i++) {
			Thread thread = new Thread(() -> work(stopped), "jobs-directory-" + i);
			this.threads.add(thread);
			thread.start();
		}
	}

	@Override
	public void stop(Duration grace) {
		this.stopped.countDown();
		long end = System.nanoTime() + grace.toNanos();
		for (Thread thread : this.threads) {
			try {
				thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
		this.threads.clear();
	}

	private void work(CountDownLatch stopped) {
		while (stopped.getCount() > 0) {
			try {
				takeBack();
				for (JobFile file : this.directory.list("waiting")) {
					if (stopped.getCount() == 0 || file.time().isAfter(this.clock.instant())) {
						break;
					}
					deliver(file);
				}
				stopped.await(200, TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				logger.debug("A late interrupt of a job that has ended", ex);
			}
			catch (Throwable ex) {
				logger.error("A message could not be taken, or not be settled", ex);
			}
		}
	}

	// A process that died leaves its messages behind: they are delivered again.
	private void takeBack() throws IOException {
		Instant now = this.clock.instant();
		for (JobFile file : this.directory.list("running")) {
			if (file.time().isBefore(now)) {
				this.directory.move("running", file, "waiting", new JobFile(now, file.redeliveries() + 1, file.key()));
			}
		}
	}

	private void deliver(JobFile file) throws IOException {
		JobFile running = new JobFile(this.clock.instant().plus(this.lease), file.redeliveries(), file.key());
		if (!this.directory.move("waiting", file, "running", running)) {
			return;
		}
		Delivery delivery = Delivery
			.pulled(this.directory.read("running", running), "directory", true, file.redeliveries())
			.withDeadline(running.time());
		Settlement settlement = this.processor.process(delivery);
		if (settlement.isAcknowledged()) {
			this.directory.delete("running", running);
		}
		else if (settlement == Settlement.UNREADABLE || settlement == Settlement.UNTRUSTED) {
			this.directory.move("running", running, "refused", running);
		}
		else {
			this.directory.move("running", running, "waiting", again(running, settlement));
		}
	}

	// What may have been run counts: a message that kills every process ends so.
	private JobFile again(JobFile file, Settlement settlement) {
		boolean wasTaken = settlement != Settlement.BUSY && settlement != Settlement.UNAVAILABLE;
		int redeliveries = file.redeliveries() + (wasTaken ? 1 : 0);
		Duration pause = Duration.ofSeconds(1L << Math.min(redeliveries, 6));
		return new JobFile(this.clock.instant().plus(pause), redeliveries, file.key());
	}

}
