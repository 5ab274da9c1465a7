package dev.backgroundjobs.docs;

import java.time.Duration;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;

import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The Java of README.md.
 */
class ReadmeExamples {

	record ReportRequest(String reportId) {
	}

	@Component
	class Reports {

		@BackgroundJob(queue = "reports", maxAttempts = "5", timeout = "10m")
		void generate(ReportRequest request) {
			// may run more than once, on any instance
		}

	}

	@Service
	class Orders {

		private final JobDispatcher jobs;

		Orders(JobDispatcher jobs) {
			this.jobs = jobs;
		}

		@Transactional
		void place(ReportRequest request) {
			this.jobs.enqueue(Reports::generate, request); // sent after the commit
			this.jobs.enqueueIn(Duration.ofMinutes(10), Reports::generate, request);
		}

	}

}
