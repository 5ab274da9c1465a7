package dev.backgroundjobs.test;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lists of recorded jobs, for messages.
 */
final class RecordedJobs {

	private static final int MAX_LISTED = 50;

	private RecordedJobs() {
	}

	static List<RecordedJob> of(String name, Collection<RecordedJob> jobs) {
		return jobs.stream().filter((job) -> job.job().equals(name)).toList();
	}

	static String listed(List<RecordedJob> jobs) {
		String lines = jobs.stream().limit(MAX_LISTED).map((job) -> "\n  " + job).collect(Collectors.joining());
		return (jobs.size() > MAX_LISTED) ? lines + "\n  and " + (jobs.size() - MAX_LISTED) + " more" : lines;
	}

}
