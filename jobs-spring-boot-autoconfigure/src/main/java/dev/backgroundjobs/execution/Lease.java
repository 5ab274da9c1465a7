package dev.backgroundjobs.execution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The right to settle a delivery. Once lost it stays lost: the platform has given the
 * message to somebody else, or will. Safe for use by several threads.
 */
public final class Lease {

	private final List<Runnable> listeners = new ArrayList<>();

	private volatile boolean lost;

	private volatile @Nullable Duration releaseDelay;

	private final BooleanSupplier owned;

	/**
	 * Create a lease that nobody need be asked about.
	 */
	public Lease() {
		this(() -> true);
	}

	/**
	 * Create a lease whose owner can be asked: right before anything replaces the
	 * message, which somebody may have taken back.
	 * @param owned asks the platform whether this delivery still may settle; throws when
	 * it cannot be asked
	 */
	public Lease(BooleanSupplier owned) {
		this.owned = owned;
	}

	/**
	 * Ask whether the lease is still held, and lose it if it is not.
	 * @return whether it is held
	 * @throws RuntimeException when the platform cannot be asked
	 */
	public boolean confirm() {
		if (!this.lost && !this.owned.getAsBoolean()) {
			lose();
		}
		return !this.lost;
	}

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
