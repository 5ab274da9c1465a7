package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How many more messages may be in hand. One thread takes, others give back.
 */
final class SqsSlots {

	private final int total;

	private int free;

	// Those who wait are woken for so many only: jobs that do little end all at once.
	private int wanted = 1;

	SqsSlots(int total) {
		this.total = total;
		this.free = total;
	}

	/**
	 * Wait for free slots.
	 * @param batch how many are worth waiting for a little
	 * @param patience how long to wait for one
	 * @param collect how long to wait for the batch once there is one
	 * @return how many are free, 0 when there were none
	 */
	synchronized int await(int batch, Duration patience, Duration collect) throws InterruptedException {
		awaitFree(1, System.nanoTime() + patience.toNanos());
		if (this.free > 0) {
			awaitFree(batch, System.nanoTime() + collect.toNanos());
		}
		return this.free;
	}

	/**
	 * Wait until nothing is in hand.
	 * @param end when to give up, by {@link System#nanoTime()}
	 */
	synchronized void awaitAll(long end) throws InterruptedException {
		awaitFree(this.total, end);
	}

	private synchronized void awaitFree(int count, long end) throws InterruptedException {
		while (this.free < count) {
			long left = end - System.nanoTime();
			if (left <= 0) {
				return;
			}
			this.wanted = count;
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
	}

	synchronized void take(int count) {
		this.free -= count;
	}

	synchronized void giveBack(int count) {
		this.free += count;
		if (this.free >= this.wanted || this.free == this.total) {
			notifyAll();
		}
	}

}
