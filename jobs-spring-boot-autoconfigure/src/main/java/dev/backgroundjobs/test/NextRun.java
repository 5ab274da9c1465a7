package dev.backgroundjobs.test;

import java.time.Instant;

import dev.backgroundjobs.test.PlannedRuns.Mishap;

/**
 * Plans what happens to the next run of a job, once: later runs go on as usual. Said
 * several times, it holds for as many runs, one after the other. What is left is
 * forgotten after the test.
 */
public final class NextRun {

	private final PlannedRuns planned;

	private final TestTime time;

	private final String job;

	NextRun(PlannedRuns planned, TestTime time, String job) {
		this.planned = planned;
		this.time = time;
		this.job = job;
	}

	/**
	 * The run throws, instead of calling the job's method.
	 * @param failure what it throws; counts like the same exception of the method
	 */
	public void fails(Throwable failure) {
		this.planned.fail(this.job, failure);
	}

	/**
	 * The run is interrupted as by a shutdown: the method is called with
	 * {@code stopRequested()} and its thread interrupted. Whatever it does then, the job
	 * is enqueued again and the attempt is not counted. All jobs that run at this moment
	 * are stopped, as by a shutdown.
	 */
	public void isInterrupted() {
		this.planned.interrupt(this.job);
	}

	/**
	 * The slice of an iteration is interrupted as by a shutdown when it has done a number
	 * of items. The next slice is enqueued, and {@link JobsTester#drain()} runs it.
	 * @param items how many items are done, 1 or more
	 */
	public void isInterruptedAfter(long items) {
		if (items < 1) {
			throw new IllegalArgumentException(
					"isInterruptedAfter(" + items + "): a slice does at least one item. Give 1 or more");
		}
		this.planned.interruptSlice(this.job, (done) -> done >= items);
	}

	/**
	 * The slice of an iteration is interrupted as by a shutdown after the first item at
	 * whose end it is a certain time, by the tester's clock: an item moves it with
	 * {@link JobsTester#advance}.
	 * @param time the time
	 */
	public void isInterruptedAt(Instant time) {
		this.planned.interruptSlice(this.job, (done) -> !this.time.now().isBefore(time));
	}

	/**
	 * Every slice of an iteration is interrupted as by a shutdown after its first item,
	 * from this one to the end of the test: what is not in the cursor is lost each time.
	 */
	public void isInterruptedAfterEveryItem() {
		this.planned.interruptEverywhere(this.job);
	}

	/**
	 * The run goes to its end, and the platform never hears of it: the same message is
	 * delivered again with the next {@link JobsTester#runDue()}, as to another instance.
	 */
	public void losesItsAcknowledgement() {
		this.planned.befall(this.job, Mishap.ACKNOWLEDGEMENT_LOST);
	}

	/**
	 * The platform delivers the message twice, as every platform does now and then: the
	 * job runs, and then once more, as on another instance.
	 */
	public void isDeliveredTwice() {
		this.planned.befall(this.job, Mishap.DELIVERED_TWICE);
	}

}
