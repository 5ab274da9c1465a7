package dev.backgroundjobs.cloudtasks.emulator;

import java.time.Instant;

import com.google.cloud.tasks.v2.Attempt;
import com.google.cloud.tasks.v2.Task;
import com.google.protobuf.Timestamp;

/**
 * A task and what became of it so far. Immutable.
 *
 * @param task as the API shows it, its counts included
 * @param executions attempts that had an answer other than 5xx
 * @param previousStatus the last answer's status; 0 when there was none
 */
record StoredTask(Task task, int executions, int previousStatus) {

	static StoredTask created(Task task) {
		return new StoredTask(task, 0, 0);
	}

	String name() {
		return this.task.getName();
	}

	String shortName() {
		return name().substring(name().lastIndexOf('/') + 1);
	}

	Instant time() {
		return instant(this.task.getScheduleTime());
	}

	int attempts() {
		return this.task.getDispatchCount();
	}

	Instant firstAttempt() {
		return instant(this.task.getFirstAttempt().getDispatchTime());
	}

	/**
	 * After an attempt that failed.
	 * @param dispatched when it began
	 * @param status its answer's status, 0 without one
	 */
	StoredTask failed(Instant dispatched, int status) {
		Attempt attempt = Attempt.newBuilder().setDispatchTime(timestamp(dispatched)).build();
		Task.Builder changed = this.task.toBuilder().setDispatchCount(attempts() + 1).setLastAttempt(attempt);
		if (!this.task.hasFirstAttempt()) {
			changed.setFirstAttempt(attempt);
		}
		if (status > 0) {
			changed.setResponseCount(this.task.getResponseCount() + 1);
		}
		boolean executed = status > 0 && status < 500;
		return new StoredTask(changed.build(), this.executions + (executed ? 1 : 0), status);
	}

	StoredTask at(Instant time) {
		return new StoredTask(this.task.toBuilder().setScheduleTime(timestamp(time)).build(), this.executions,
				this.previousStatus);
	}

	static Timestamp timestamp(Instant instant) {
		return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).setNanos(instant.getNano()).build();
	}

	static Instant instant(Timestamp timestamp) {
		return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
	}

}
