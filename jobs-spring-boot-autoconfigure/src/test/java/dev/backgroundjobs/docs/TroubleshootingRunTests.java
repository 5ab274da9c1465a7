package dev.backgroundjobs.docs;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.test.TestJobBackend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;
import org.springframework.test.context.transaction.TestTransaction;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of jobs in docs/troubleshooting.md.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "jobs.backend=test", "jobs.retry.backoff.jitter-factor=0" })
class TroubleshootingRunTests {

	private static final String ID = "0198a6a2-94c8-7b0e-8f0a-00000000000";

	@Autowired
	JobDispatcher jobs;

	@Autowired
	TestJobBackend backend;

	@Autowired
	DeliveryProcessor processor;

	@LocalServerPort
	int port;

	private CapturedLog log;

	private final Invoice invoice = new Invoice("i-1");

	// After the start of the application, which sets up the log.
	@BeforeEach
	void capture() {
		this.log = new CapturedLog();
	}

	@AfterEach
	void clear() {
		this.log.close();
		this.backend.clear();
		Invoices.failure = null;
	}

	@Test
	void aCallByHand() throws Exception {
		// given
		String section = "`curl` to `/_jobs`";
		assertThat(TroubleshootingPage.blocks(section, "shell")).containsExactly("""
				curl -i -d '{"job": "reports.generate"}' http://localhost:8080/_jobs
				curl -i -H 'Content-Type: application/json' -d '{"job": "reports.generate"}' http://localhost:8080/_jobs
				""".strip());

		// then
		TroubleshootingPage.assertShown(section, post("application/x-www-form-urlencoded"), post("application/json"),
				log());
	}

	@Test
	@Transactional
	void aTransactionThatNeverCommits() {
		// when
		this.jobs.with(JobOptions.none().id(ID + 1)).enqueue(Invoices::send, this.invoice);
		assertThat(this.backend.enqueued()).isEmpty();
		TestTransaction.end();

		// then
		TroubleshootingPage.assertShown("A transaction that is rolled back", log());
	}

	@Test
	@Transactional
	void aTransactionThatCommits() {
		this.jobs.enqueue(Invoices::send, this.invoice);
		TestTransaction.flagForCommit();
		TestTransaction.end();
		assertThat(this.backend.enqueued()).hasSize(1);
	}

	@Test
	void aJobThatWaits() {
		// when
		EnqueuedJob job = this.jobs.enqueueIn(Duration.ofHours(1), Invoices::send, this.invoice);

		// then
		assertThat(job.runAt()).isNotNull();
		assertThat(this.backend.runDue()).isEmpty();
	}

	@Test
	void aFailedAttempt() {
		Invoices.failure = new IllegalStateException("no printer");
		this.jobs.with(JobOptions.none().id(ID + 2)).enqueue(Invoices::send, this.invoice);
		assertThat(this.backend.runDue()).containsExactly(Settlement.REPLACED);
		TroubleshootingPage.assertShown("A job that fails", log());
	}

	@Test
	void aDeadJob() {
		Invoices.failure = new IllegalStateException("no printer");
		deliver(3, "{\"v\":1,%s,\"job\":\"invoices.send\",\"args\":[{\"number\":\"i-1\"}],\"attempt\":5}");
		TroubleshootingPage.assertShown("A dead job", log());
	}

	@Test
	void anArgumentThatHasChanged() {
		deliver(4, "{\"v\":1,%s,\"job\":\"invoices.send\",\"args\":[{\"number\":{\"year\":2026}}],\"attempt\":1}");
		TroubleshootingPage.assertShown("An argument that cannot be read", log(), this.log.failures());
	}

	@Test
	void aJobThatIsNotDeclaredHere() {
		deliver(5, "{\"v\":1,%s,\"job\":\"invoices.remind\",\"args\":[],\"attempt\":1}");
		TroubleshootingPage.assertShown("Two versions of the application", log());
	}

	@Test
	void aMessageOfANewerVersion() {
		deliver(6, "{\"v\":2,%s,\"job\":\"invoices.send\"}");
		TroubleshootingPage.assertShown("Two versions of this library", log());
	}

	private void deliver(int id, String json) {
		String message = json.formatted("\"id\":\"" + ID + id + "\",\"seq\":0,\"queue\":\"default\",\"enqueuedAt\":\""
				+ Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\"");
		assertThat(this.processor.process(Delivery.pulled(message.getBytes(StandardCharsets.UTF_8), "test", true, 0))
			.isAcknowledged()).isTrue();
	}

	private String log() {
		return String.join("\n", this.log.lines());
	}

	private String post(String contentType) throws IOException, InterruptedException {
		HttpResponse<String> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/_jobs"))
				.header("Content-Type", contentType)
				.POST(HttpRequest.BodyPublishers.ofString("{\"job\": \"reports.generate\"}"))
				.build(), HttpResponse.BodyHandlers.ofString());
		return "HTTP/1.1 " + response.statusCode() + "\n" + response.body();
	}

	record Invoice(String number) {
	}

	@Component
	static class Invoices {

		static @Nullable RuntimeException failure;

		@BackgroundJob
		void send(Invoice invoice) {
			if (failure != null) {
				throw failure;
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Invoices.class)
	static class Application {

	}

}
