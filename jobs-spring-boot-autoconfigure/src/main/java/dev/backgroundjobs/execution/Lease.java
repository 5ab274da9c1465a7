package dev.backgroundjobs.execution;

import java.util.ArrayList;
import java.util.List;

/**
 * The right to settle a delivery. Once lost it stays lost: the platform has given the
 * message to somebody else, or will. Safe for use by several threads.
 */
public final class Lease {

	private final List<Runnable> listeners = new ArrayList<>();

	private volatile boolean lost;

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
