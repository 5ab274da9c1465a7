package dev.backgroundjobs.test;

import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;

/**
 * Lets the tests that share a {@link JobsTester} go one after the other.
 */
final class Turn {

	private final Semaphore free = new Semaphore(1);

	private volatile @Nullable Thread holder;

	void take() throws InterruptedException {
		if (this.holder == Thread.currentThread()) {
			throw new IllegalStateException(
					"This test was started within another test on the same thread, and both use "
							+ "one JobsTester: run them with @Execution(SAME_THREAD)");
		}
		this.free.acquire();
		this.holder = Thread.currentThread();
	}

	void end() {
		this.holder = null;
		this.free.release();
	}

}
