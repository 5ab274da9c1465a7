package dev.backgroundjobs.crash.application;

import java.time.Duration;
import java.util.List;

import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Enqueues the recorded jobs and takes orders on how to die or to misbehave.
 */
@RestController
@RequestMapping("/crash")
class CrashController {

	private final JobDispatcher jobs;

	private final RecordedJobs recordedJobs;

	private final PlatformTransactionManager transactions;

	private final CrashSwitch crash;

	private final BrokenEndpoint brokenEndpoint;

	private final DriverJobBackend backend;

	CrashController(JobDispatcher jobs, RecordedJobs recordedJobs,
			@Qualifier("commitRecorder") PlatformTransactionManager transactions, CrashSwitch crash,
			BrokenEndpoint brokenEndpoint, DriverJobBackend backend) {
		this.jobs = jobs;
		this.recordedJobs = recordedJobs;
		this.transactions = transactions;
		this.crash = crash;
		this.brokenEndpoint = brokenEndpoint;
		this.backend = backend;
	}

	@PostMapping("/jobs")
	void enqueue(String job, String id, long delay, long millis) {
		this.jobs.enqueue(call(job, id, millis).in(Duration.ofMillis(delay)));
	}

	@PostMapping("/batches")
	void enqueueAll(String[] ids) {
		this.recordedJobs.enqueueAll(List.of(ids));
	}

	@PostMapping("/transactions")
	void enqueueInTransaction(String id) {
		TransactionTemplate transaction = new TransactionTemplate(this.transactions);
		transaction.setName(id);
		transaction.executeWithoutResult((status) -> this.jobs.enqueue(call("crash.succeed", id, 0)));
	}

	@PostMapping("/points")
	void arm(CrashPoint point, int pass) {
		this.crash.arm(point, pass);
	}

	@PostMapping("/breakages")
	void misbehave(Breakage breakage) {
		this.brokenEndpoint.use(breakage);
		this.backend.swallow(breakage == Breakage.SWALLOWS_FAILED_SENDS);
	}

	private static JobCall call(String job, String id, long millis) {
		return JobCall.of(job, new Work(id, millis)).with(JobOptions.none().id(id));
	}

}
