package dev.backgroundjobs.kubelet.application;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOperations;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Does what the test asks for.
 */
@RestController
class PodJobsController {

	private final JobDispatcher jobs;

	private final JobOperations operations;

	PodJobsController(JobDispatcher jobs, JobOperations operations) {
		this.jobs = jobs;
		this.operations = operations;
	}

	@PostMapping("/pods/{job}")
	EnqueuedJob enqueue(@PathVariable String job, @RequestBody Note note) {
		return this.jobs.enqueue("pods." + job, note);
	}

	@PostMapping("/pods/cancel")
	boolean cancel(@RequestBody EnqueuedJob job) {
		return this.operations.cancel(job);
	}

}
