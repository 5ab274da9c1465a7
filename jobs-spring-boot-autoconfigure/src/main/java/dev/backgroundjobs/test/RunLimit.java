package dev.backgroundjobs.test;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

import dev.backgroundjobs.message.JobMessage;

/**
 * Ends what would go on for ever.
 */
final class RunLimit {

	static final int DEFAULT = 1_000;

	private final Map<String, Integer> runs = new HashMap<>();

	private final int max;

	private int total;

	RunLimit(int max) {
		this.max = max;
	}

	void count(JobMessage message) {
		if (this.total == this.max) {
			String job = Collections.max(this.runs.entrySet(), Map.Entry.comparingByValue()).getKey();
			throw new IllegalStateException(this.max + " jobs were run and more are due: job '" + job
					+ "' goes on, with " + this.runs.get(job)
					+ " of these runs. Does it enqueue itself, is it released or throttled again and again, or is it an "
					+ "iteration with more slices? If there is an end to it, give drain(int) a larger limit");
		}
		this.total++;
		this.runs.merge(message.job(), 1, Integer::sum);
	}

}
