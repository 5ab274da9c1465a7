package dev.backgroundjobs.test.web;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.JobDeliveryController;
import dev.backgroundjobs.test.AutoConfigureJobsTester;
import dev.backgroundjobs.test.JobsTester;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;

/**
 * A slice has neither jobs nor their endpoint. With the tester it has the dispatcher, and
 * the jobs whose beans the test names.
 */
class WebSliceTests {

	@Nested
	@WebMvcTest(GreetingController.class)
	class WithoutTheTester {

		@Autowired
		MockMvcTester http;

		@Test
		void hasNeitherDispatcherNorEndpoint(@Autowired ApplicationContext context) {
			assertThat(context.getBeansOfType(JobDispatcher.class)).isEmpty();
			assertThat(context.getBeansOfType(DeliveryProcessor.class)).isEmpty();
			assertThat(context.getBeansOfType(JobDeliveryController.class)).isEmpty();
			assertThat(this.http.get().uri("/greeting")).hasStatusOk();
			assertThat(this.http.post().uri("/_jobs").contentType(MediaType.APPLICATION_JSON).content("{}"))
				.hasStatus(HttpStatus.NOT_FOUND);
		}

	}

	@Nested
	@WebMvcTest(OrderController.class)
	@AutoConfigureJobsTester
	class WithAMockedJob {

		@Autowired
		MockMvcTester http;

		@Autowired
		JobsTester jobs;

		@MockitoBean
		Parcels parcels;

		@Test
		void showsWhatAControllerEnqueues() {
			assertThat(this.http.post().uri("/orders/o-1")).hasStatus(HttpStatus.OK);
			assertThat(this.jobs).enqueued(Parcels::pack).once().withArguments(new Parcel("o-1"));
			this.jobs.runDue();
			verify(this.parcels).pack(new Parcel("o-1"));
		}

		@Test
		void hasNoEndpoint(@Autowired ApplicationContext context) {
			assertThat(context.getBeansOfType(JobDeliveryController.class)).isEmpty();
		}

	}

	@Nested
	@WebMvcTest(OrderController.class)
	@AutoConfigureJobsTester
	@Import(Parcels.class)
	class WithAnImportedJob {

		@Autowired
		MockMvcTester http;

		@Autowired
		JobsTester jobs;

		@Test
		void runsTheJob() {
			assertThat(this.http.post().uri("/orders/o-1")).hasStatus(HttpStatus.OK);
			assertThat(this.jobs.runDue()).hasSize(1);
			assertThat(this.jobs).hasNoFailedRuns();
		}

	}

	@Nested
	@WebMvcTest(OrderController.class)
	@AutoConfigureJobsTester
	class WithoutTheJobsBean {

		@Autowired
		MockMvcTester http;

		@Test
		void saysHowToAddTheJobToTheSlice() {
			assertThat(this.http.post().uri("/orders/o-1").exchange()).failure()
				.rootCause()
				.hasMessage("'Parcels::pack' names no job: no bean of " + Parcels.class.getName()
						+ " is defined. Add @Component to the class, or a @Bean method that returns it; in a test of a "
						+ "slice, such as @WebMvcTest, name it in @Import or as a @MockitoBean");
		}

	}

	@Nested
	@SpringBootTest
	@AutoConfigureMockMvc
	@AutoConfigureJobsTester
	class InAMockedWholeApplication {

		@Test
		void showsWhatAControllerEnqueues(@Autowired MockMvcTester http, @Autowired JobsTester jobs) {
			assertThat(http.post().uri("/orders/o-1")).hasStatus(HttpStatus.OK);
			assertThat(jobs).enqueued(Parcels::pack).once().withArguments(new Parcel("o-1"));
		}

	}

	record Parcel(String order) {
	}

	@Component
	static class Parcels {

		@BackgroundJob(queue = "parcels")
		void pack(Parcel parcel) {
		}

	}

	@RestController
	static class OrderController {

		private final JobDispatcher jobs;

		OrderController(JobDispatcher jobs) {
			this.jobs = jobs;
		}

		@PostMapping("/orders/{id}")
		void order(@PathVariable String id) {
			this.jobs.enqueue(Parcels::pack, new Parcel(id));
		}

	}

	@RestController
	static class GreetingController {

		@GetMapping("/greeting")
		String greet() {
			return "hello";
		}

	}

	// Security is another test's.
	@SpringBootApplication(excludeName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration" })
	static class Application {

	}

}
