package dev.backgroundjobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.adapter.inline.InlineJobAutoConfiguration;
import dev.backgroundjobs.adapter.test.TestJobAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.test.TestJobBackend;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The code of {@code design.md}, section 1, as an application writes it.
 */
class DesignExamplesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, TestJobAutoConfiguration.class,
				InlineJobAutoConfiguration.class))
		.withUserConfiguration(Reports.class)
		.withPropertyValues("jobs.backend=test");

	@Test
	void runsAJobWithOneRecord() {
		this.runner.run((context) -> {
			// given
			JobDispatcher jobs = context.getBean(JobDispatcher.class);
			ReportRequest request = new ReportRequest("march");

			// when
			jobs.enqueue(Reports::generate, request);
			List<Settlement> settlements = context.getBean(TestJobBackend.class).runDue();

			// then
			assertThat(settlements).hasSize(1).allMatch(Settlement::isAcknowledged);
			assertThat(context.getBean(Reports.class).generated).isEqualTo(request);
		});
	}

	@Test
	void runsAJobByItsWireName() {
		this.runner.run((context) -> {
			context.getBean(JobDispatcher.class).enqueue("reports.generate", new ReportRequest("march"));
			context.getBean(TestJobBackend.class).runDue();
			assertThat(context.getBean(Reports.class).generated).isEqualTo(new ReportRequest("march"));
		});
	}

	@Test
	void keepsADelayedJobUntilItsTime() {
		this.runner.run((context) -> {
			TestJobBackend backend = context.getBean(TestJobBackend.class);
			context.getBean(JobDispatcher.class)
				.enqueueIn(Duration.ofMinutes(10), Reports::generate, new ReportRequest("march"));
			assertThat(backend.runDue()).isEmpty();
			assertThat(backend.enqueued()).hasSize(1);
		});
	}

	@Test
	void takesOptions() {
		this.runner.run((context) -> {
			context.getBean(JobDispatcher.class)
				.with(JobOptions.queue("bulk").priority(10))
				.enqueue(Reports::reprice, new PriceList(List.of(1, 2)));
			assertThat(context.getBean(TestJobBackend.class).enqueued()).singleElement().satisfies((message) -> {
				assertThat(message.queue()).isEqualTo("bulk");
				assertThat(message.priority()).isEqualTo(10);
			});
		});
	}

	@Test
	void takesManyCalls() {
		this.runner.run((context) -> {
			List<ReportRequest> requests = List.of(new ReportRequest("march"), new ReportRequest("april"));
			List<EnqueuedJob> enqueued = context.getBean(JobDispatcher.class)
				.enqueueAll(requests.stream().map((r) -> JobCall.of(Reports::generate, r)));
			assertThat(enqueued).hasSize(2).allSatisfy((job) -> assertThat(job.backendId()).isNotNull());
		});
	}

	@Test
	void callsAnotherServicesJob() {
		this.runner.run((context) -> {
			context.getBean(JobDispatcher.class)
				.with(JobOptions.queue("billing"))
				.enqueue("invoices.send", Map.of("id", 7));
			assertThat(context.getBean(TestJobBackend.class).enqueued()).singleElement()
				.satisfies((message) -> assertThat(message.args()).isEqualTo("[{\"id\":7}]"));
		});
	}

	@Test
	void putsOneQueueOnAnotherBackend() {
		this.runner.withUserConfiguration(OwnBackend.class)
			.withPropertyValues("jobs.queues.heavy.backend=own")
			.run((context) -> {
				context.getBean(JobDispatcher.class)
					.with(JobOptions.queue("heavy"))
					.enqueue(Reports::generate, new ReportRequest("march"));
				assertThat(context.getBean(RecordingJobBackend.class).sent).hasSize(1);
				assertThat(context.getBean(TestJobBackend.class).enqueued()).isEmpty();
			});
	}

	@Test
	void tellsARunningJobWhatItIs() {
		this.runner.withPropertyValues("jobs.backend=inline").run((context) -> {
			EnqueuedJob job = context.getBean(JobDispatcher.class)
				.enqueue(Reports::generate, new ReportRequest("march"));
			assertThat(context.getBean(Reports.class).id).isEqualTo(job.id());
		});
	}

	@Test
	void hasNoContextOutsideAJob() {
		assertThatIllegalStateException().isThrownBy(JobContext::current);
	}

	@Test
	void storesAnEnqueuedJobAsJson() {
		// given
		JsonMapper mapper = JsonMapper.builder().build();
		EnqueuedJob job = new EnqueuedJob("6f9619ff-8b86-d011-b42d-00cf4fc964ff", "reports.generate", "reports",
				java.time.Instant.parse("2026-03-01T10:11:12.345Z"), null);

		// when
		String json = mapper.writeValueAsString(job);

		// then
		assertThat(mapper.readValue(json, EnqueuedJob.class)).isEqualTo(job);
		assertThat(mapper.readValue(json.replace("}", ",\"more\":1}"), EnqueuedJob.class)).isEqualTo(job);
	}

	record ReportRequest(String month) {
	}

	record PriceList(List<Integer> prices) {
	}

	@Component
	static class Reports {

		@org.jspecify.annotations.Nullable
		ReportRequest generated;

		@org.jspecify.annotations.Nullable
		String id;

		@BackgroundJob(queue = "reports", maxAttempts = "5", timeout = "10m")
		void generate(ReportRequest request) {
			this.generated = request;
			this.id = JobContext.current().id();
		}

		@BackgroundJob(queue = "maintenance")
		void reprice(PriceList list) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBackend {

		@Bean
		RecordingJobBackend ownBackend() {
			return new RecordingJobBackend("own", BackendCapabilities.none());
		}

	}

}
