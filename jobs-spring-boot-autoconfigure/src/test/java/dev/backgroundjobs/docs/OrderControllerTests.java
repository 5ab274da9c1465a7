package dev.backgroundjobs.docs;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.docs.InvoiceTests.Invoice;
import dev.backgroundjobs.docs.InvoiceTests.Invoices;
import dev.backgroundjobs.docs.OrderControllerTests.OrderController;
import dev.backgroundjobs.test.AutoConfigureJobsTester;
import dev.backgroundjobs.test.JobsTester;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The Java of docs/testing.md about slices.
 */
@ContextConfiguration(classes = OrderControllerTests.Application.class)
@WebMvcTest(OrderController.class)
@AutoConfigureJobsTester
class OrderControllerTests {

	@MockitoBean
	Invoices invoices;

	@Test
	void sendsAnInvoice(@Autowired MockMvcTester http, @Autowired JobsTester jobs) {
		assertThat(http.put().uri("/orders/o-1")).hasStatusOk();
		assertThat(jobs).enqueued(Invoices::send).withArguments(new Invoice("o-1"));
	}

	@RestController
	static class OrderController {

		private final JobDispatcher jobs;

		OrderController(JobDispatcher jobs) {
			this.jobs = jobs;
		}

		@PutMapping("/orders/{id}")
		void order(@PathVariable String id) {
			this.jobs.enqueue(Invoices::send, new Invoice(id));
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(OrderController.class)
	static class Application {

	}

}
