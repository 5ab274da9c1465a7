package dev.backgroundjobs.docs;

import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.test.TestJobBackend;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The Java of docs/jobs.md.
 */
@SpringBootTest(properties = "jobs.backend=test", webEnvironment = SpringBootTest.WebEnvironment.NONE)
class JobsPageTests {

	@Autowired
	JobDispatcher jobs;

	@Autowired
	TestJobBackend backend;

	@Test
	void enqueuesInEveryWay() {
		ReportRequest request = new ReportRequest("r-1");
		List<ReportRequest> requests = List.of(request, request);
		ReportRequest invoice = request;
		this.jobs.enqueue(Reports::generate, request);
		this.jobs.enqueueIn(Duration.ofMinutes(10), Reports::generate, request);
		this.jobs.enqueueAt(Instant.parse("2027-01-01T08:00:00Z"), Reports::generate, request);
		this.jobs.with(JobOptions.queue("bulk").priority(10)).enqueue(Reports::generate, request);
		this.jobs.enqueueAll(requests.stream().map((each) -> JobCall.of(Reports::generate, each)));
		this.jobs.enqueue("reports.generate", request);
		this.jobs.with(JobOptions.queue("billing")).enqueue("invoices.send", invoice);
		assertThat(this.backend.enqueued()).extracting(JobMessage::queue)
			.containsExactly("reports", "reports", "reports", "bulk", "reports", "reports", "reports", "billing");
	}

	record ReportRequest(String reportId) {
	}

	@Component
	static class Reports {

		@BackgroundJob(queue = "reports", maxAttempts = "5", timeout = "10m")
		void generate(ReportRequest request) {
			JobContext job = JobContext.current();
			job.progress(1, 10L);
		}

		@BackgroundJob(name = "reports.clean", aliases = "reports.cleanUp", backoff = @Backoff(delay = "30s"),
				discardOn = NoSuchFileException.class)
		void removeOld() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Reports.class)
	static class Application {

	}

}
