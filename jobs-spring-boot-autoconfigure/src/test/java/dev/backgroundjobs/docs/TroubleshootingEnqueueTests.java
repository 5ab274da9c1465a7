package dev.backgroundjobs.docs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.adapter.test.TestJobAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.test.TestJobBackend;
import jakarta.annotation.PostConstruct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What {@code enqueue} throws in docs/troubleshooting.md.
 */
class TroubleshootingEnqueueTests {

	private final ReportRequest request = new ReportRequest("march");

	private final Customer customer = new Customer();

	private JobDispatcher jobs = org.mockito.Mockito.mock(JobDispatcher.class);

	@Test
	void aLambdaThatCompiles() {
		shows("A lambda that compiles", () -> {
			this.jobs.enqueue((Reports reports) -> reports.removeOld());
		});
		enqueues(() -> {
			this.jobs.enqueue(Reports::removeOld);
		});
	}

	@Test
	void aMethodWithoutTheAnnotation() {
		shows("A method without `@BackgroundJob`", () -> {
			this.jobs.enqueue(Reports::count);
		});
	}

	@Test
	void aClassThatIsNoBean() {
		shows("A class that is no bean", () -> {
			this.jobs.enqueue(Archive::sweep);
		});
	}

	@Test
	void aWrongName() {
		shows("A wrong name", () -> {
			this.jobs.enqueue("report.generate", this.request);
		});
	}

	@Test
	void wrongArgumentsByName() {
		shows("Wrong arguments by name", () -> {
			this.jobs.enqueue("reports.generate");
		}, () -> {
			this.jobs.enqueue("reports.byId", 5);
		});
		enqueues(() -> {
			this.jobs.enqueue("reports.generate", this.request);
			this.jobs.enqueue("reports.byId", 5L);
		});
	}

	@Test
	void anEntity() {
		Customer proxy = new Customer.HibernateProxy();
		Customer cycle = new Customer();
		cycle.purchases = List.of(new Purchase(cycle));
		Customer lazy = new Customer();
		lazy.purchases = null;
		shows("A JPA entity", () -> this.jobs.enqueue(Customers::welcome, proxy),
				() -> this.jobs.enqueue(Customers::welcome, cycle), () -> this.jobs.enqueue(Customers::welcome, lazy));
		enqueues(() -> {
			this.jobs.enqueue(Customers::welcome, this.customer);
			this.jobs.enqueue(Customers::welcomeById, this.customer.getId());
		});
	}

	@Test
	void aMessageThatIsTooLarge() {
		byte[] scan = new byte[200_000];
		shows("A message that is too large", () -> {
			this.jobs.enqueue(Files::store, scan);
		});
		enqueues(() -> {
			this.jobs.enqueue(Files::storeFrom, "uploads/2026/scan-17.pdf");
		});
	}

	@Test
	void aDelayThatTheBackendCannotKeep() {
		shows("A delay that the backend cannot keep", () -> {
			this.jobs.enqueueIn(Duration.ofMinutes(10), Files::storeFrom, "uploads/2026/scan-17.pdf");
		});
	}

	@Test
	void anExpiryOfZero() {
		shows("An expiry of zero", () -> {
			this.jobs.with(JobOptions.none().expiresIn(Duration.ZERO)).enqueue(Reports::removeOld);
		});
	}

	@Test
	void whileBeansAreCreated() {
		runner().withBean(Eager.class)
			.run((context) -> TroubleshootingPage.assertShown("In a constructor or `@PostConstruct`",
					String.valueOf(context.getStartupFailure().getCause())));
	}

	@Test
	void onceTheApplicationIsReady() {
		runner().withBean(Patient.class).run((context) -> {
			context.publishEvent(new ApplicationReadyEvent(new SpringApplication(), new String[0],
					context.getSourceApplicationContext(), Duration.ZERO));
			assertThat(context.getBean(TestJobBackend.class).enqueued()).hasSize(1);
		});
	}

	private void enqueues(Runnable right) {
		run(right);
	}

	private void shows(String section, Runnable... wrong) {
		List<String> seen = new ArrayList<>();
		run(() -> {
			for (Runnable each : wrong) {
				seen.add(catchThrowableOfType(RuntimeException.class, each::run).toString()
					.replace(LazyInitializationException.class.getName(), "org.hibernate.LazyInitializationException"));
			}
		});
		assertThat(seen).hasSameSizeAs(wrong);
		TroubleshootingPage.assertShown(section, seen.toArray(String[]::new));
	}

	private void run(Runnable action) {
		runner().run((context) -> {
			this.jobs = context.getBean(JobDispatcher.class);
			action.run();
		});
	}

	private static ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, TestJobAutoConfiguration.class))
			.withUserConfiguration(Reports.class, Customers.class, Files.class, Platform.class)
			.withPropertyValues("jobs.backend=test", "jobs.queues.files.backend=platform");
	}

	record ReportRequest(String month) {
	}

	@Component
	static class Reports {

		@BackgroundJob
		void generate(ReportRequest request) {
		}

		@BackgroundJob
		void byId(long id) {
		}

		@BackgroundJob
		void removeOld() {
		}

		void count() {
		}

	}

	static class Archive {

		@BackgroundJob
		void sweep() {
		}

	}

	static class Eager {

		private final JobDispatcher jobs;

		Eager(JobDispatcher jobs) {
			this.jobs = jobs;
		}

		@PostConstruct
		void init() {
			this.jobs.enqueue(Reports::removeOld);
		}

	}

	static class Patient {

		private final JobDispatcher jobs;

		Patient(JobDispatcher jobs) {
			this.jobs = jobs;
		}

		@EventListener(ApplicationReadyEvent.class)
		void start() {
			this.jobs.enqueue(Reports::removeOld);
		}

	}

	@Component
	static class Files {

		@BackgroundJob(queue = "files")
		void store(byte[] file) {
		}

		@BackgroundJob(queue = "files")
		void storeFrom(String location) {
		}

	}

	@Component
	static class Customers {

		@BackgroundJob
		void welcome(Customer customer) {
		}

		@BackgroundJob
		void welcomeById(long id) {
		}

	}

	/** Stands for an entity: Hibernate's subclass, its lazy collection and its cycle. */
	static class Customer {

		@Nullable List<Purchase> purchases = List.of();

		public long getId() {
			return 7;
		}

		public List<Purchase> getPurchases() {
			if (this.purchases == null) {
				throw new LazyInitializationException();
			}
			return this.purchases;
		}

		static class HibernateProxy extends Customer {

		}

	}

	record Purchase(Customer customer) {
	}

	static class LazyInitializationException extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

	/** A platform with SQS's old limit, and no delays. */
	@Component
	static class Platform implements JobBackend {

		@Override
		public String name() {
			return "platform";
		}

		@Override
		public String enqueue(JobMessage message) {
			return message.deliveryKey();
		}

		@Override
		public String enqueueAt(JobMessage message, Instant time) {
			throw new IllegalStateException("cannot delay");
		}

		@Override
		public BackendCapabilities capabilities() {
			return BackendCapabilities.none().withMaxMessageBytes(262_144).withDurable();
		}

	}

}
