package dev.backgroundjobs.docs;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.test.TestJobBackend;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The Java of docs/test.md.
 */
@SpringBootTest(properties = "jobs.backend=test")
class InvoiceTests {

	@Autowired
	JobDispatcher jobs;

	@Autowired
	TestJobBackend backend;

	@Test
	void sendsAnInvoice() {
		this.jobs.enqueue(Invoices::send, new Invoice("i-1"));
		assertThat(this.backend.enqueued()).extracting(JobMessage::job).containsExactly("invoices.send");
		assertThat(this.backend.runDue()).containsExactly(Settlement.DONE);
	}

	record Invoice(String id) {
	}

	static class Invoices {

		@BackgroundJob
		void send(Invoice invoice) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Invoices.class)
	static class Application {

	}

}
