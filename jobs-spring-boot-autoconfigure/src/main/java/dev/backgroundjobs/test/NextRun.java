package dev.backgroundjobs.test;

import dev.backgroundjobs.test.PlannedRuns.Mishap;

/**
 * Plans what happens to the next run of a job, once: later runs go on as usual. Said
 * several times, it holds for as many runs, one after the other. What is left is
 * forgotten after the test.
 */
public final class NextRun {

	private final PlannedRuns planned;

	private final String job;

	NextRun(PlannedRuns planned, String job) {
		this.planned = planned;
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
