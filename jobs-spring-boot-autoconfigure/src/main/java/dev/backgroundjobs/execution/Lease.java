package dev.backgroundjobs.execution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The right to settle a delivery. Once lost it stays lost: the platform has given the
 * message to somebody else, or will. Safe for use by several threads.
 */
public final class Lease {

	private final List<Runnable> listeners = new ArrayList<>();

	private volatile boolean lost;

	private volatile @Nullable Duration releaseDelay;

	/**
	 * Lose the lease: a heartbeat was refused, or the platform's deadline has passed.
	 */
	public void lose() {
		List<Runnable> called;
		synchronized (this.listeners) {
			this.lost = true;
			called = List.copyOf(this.listeners);
			this.listeners.clear();
		}
		called.forEach(Runnable::run);
	}

	/**
	 * Return whether the lease is lost.
	 * @return whether it is
	 */
	public boolean isLost() {
		return this.lost;
	}

	/**
	 * Say after what time the message is wanted again where its delivery is released: on
	 * queues that keep order, where no other message can carry the backoff.
	 * @param delay the time, at least zero
	 */
	public void releaseAfter(Duration delay) {
		this.releaseDelay = delay;
	}

	/**
	 * Return after what time a released message is wanted again.
	 * @return the time, or {@code null} for that of the platform
	 */
	public @Nullable Duration releaseDelay() {
		return this.releaseDelay;
	}

	/**
	 * Call back when the lease is lost, at once if it is.
	 * @param listener the callback
	 */
	public void onLost(Runnable listener) {
		synchronized (this.listeners) {
			if (!this.lost) {
				this.listeners.add(listener);
				return;
			}
		}
		listener.run();
	}

}
