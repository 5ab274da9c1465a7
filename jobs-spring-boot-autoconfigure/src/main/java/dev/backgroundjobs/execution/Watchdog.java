package dev.backgroundjobs.execution;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Calls back when a run's time is over. Its one thread starts with the first run that has
 * a deadline or is an iteration.
 */
final class Watchdog implements AutoCloseable {

	private @Nullable ScheduledThreadPoolExecutor timer;

	Future<?> in(Duration time, Runnable action) {
		return timer().schedule(action, Math.max(0, time.toMillis()), TimeUnit.MILLISECONDS);
	}

	Future<?> every(Duration time, Runnable action) {
		return timer().scheduleAtFixedRate(action, time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
	}

	private synchronized ScheduledThreadPoolExecutor timer() {
		if (this.timer == null) {
			this.timer = new ScheduledThreadPoolExecutor(1, (action) -> {
				Thread thread = new Thread(action, "jobs-watchdog");
				thread.setDaemon(true);
				return thread;
			});
			this.timer.setRemoveOnCancelPolicy(true);
		}
		return this.timer;
	}

	@Override
	public synchronized void close() {
		if (this.timer != null) {
			this.timer.shutdownNow();
		}
	}

}
