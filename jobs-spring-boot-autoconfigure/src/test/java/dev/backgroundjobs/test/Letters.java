package dev.backgroundjobs.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Jobs for the tests of {@link JobsTester}.
 */
class Letters {

	final List<String> runs = new CopyOnWriteArrayList<>();

	private final ObjectProvider<JobDispatcher> jobs;

	Letters(ObjectProvider<JobDispatcher> jobs) {
		this.jobs = jobs;
	}

	@BackgroundJob(queue = "mail", maxAttempts = "3", backoff = @Backoff(delay = "1m", jitterFactor = "0"))
	void send(Letter letter) {
		JobContext job = JobContext.current();
		this.runs.add("send " + letter.to() + " attempt " + job.attempt()
				+ (Thread.currentThread().isInterrupted() && job.stopRequested() ? " interrupted" : ""));
	}

	@BackgroundJob(name = "letters.wash", aliases = "letters.clean")
	void wash() {
		this.runs.add("wash");
	}

	@BackgroundJob
	void copy(String from, String to) {
		this.runs.add("copy " + from + " " + to);
	}

	@BackgroundJob
	void sort(int box, List<String> names, Label label) {
		this.runs.add("sort " + box + " " + names + " " + label.text);
	}

	@BackgroundJob
	void remind() {
		this.runs.add("remind");
		this.jobs.getObject().enqueueIn(java.time.Duration.ofDays(1), Letters::remind);
	}

	@BackgroundJob
	void spin() {
		this.jobs.getObject().enqueue(Letters::spin);
	}

	@BackgroundJob
	void answer(Letter letter) {
		this.jobs.getObject().enqueueIn(java.time.Duration.ofHours(2), Letters::send, letter);
	}

	@BackgroundJob
	void drop() {
		throw new DiscardJobException("not wanted");
	}

	record Letter(String to) {
	}

	/**
	 * An argument without {@code equals}.
	 */
	static final class Label {

		public String text = "";

		static Label of(String text) {
			Label label = new Label();
			label.text = text;
			return label;
		}

	}

}
