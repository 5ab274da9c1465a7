package dev.backgroundjobs.docs;

import dev.backgroundjobs.JobDispatcher;

import org.springframework.scheduling.annotation.Scheduled;

/**
 * Enqueues a job every night.
 */
class NightlyReports {

	private final JobDispatcher jobs;

	NightlyReports(JobDispatcher jobs) {
		this.jobs = jobs;
	}

	@Scheduled(cron = "0 0 3 * * *")
	void enqueue() {
		this.jobs.enqueue("reports.nightly");
	}

}
