package dev.backgroundjobs.docs;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.test.AutoConfigureJobsTester;
import dev.backgroundjobs.test.JobsTester;
import dev.backgroundjobs.test.RecordedJob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.transaction.TestTransaction;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The Java of docs/testing.md.
 */
@SpringBootTest
@AutoConfigureJobsTester
class InvoiceTests {

	@Autowired
	Shop shop;

	@Autowired
	JobsTester jobs;

	@Autowired
	Mailbox mailbox;

	@BeforeEach
	void emptyMailbox() {
		this.mailbox.letters().clear();
	}

	@Test
	void sendsAnInvoiceForAnOrder() {
		this.shop.order("o-1");
		assertThat(this.jobs).enqueued(Invoices::send).once().withArguments(new Invoice("o-1"));
	}

	@Test
	void remindsAfterTenDays() {
		this.shop.order("o-1");
		assertThat(this.jobs).enqueued(Invoices::remind)
			.once()
			.onQueue("reminders")
			.withArguments(new Invoice("o-1"))
			.in(Duration.ofDays(10));
	}

	@Test
	void enqueuesNothingForAnEmptyOrder() {
		this.shop.order("");
		assertThat(this.jobs).enqueuedNothing();
	}

	@Test
	void writesTheInvoiceAtOnceAndTheReminderLater() {
		this.shop.order("o-1");
		this.jobs.runDue();
		assertThat(this.mailbox.letters()).containsExactly("invoice o-1");
		this.jobs.advance(Duration.ofDays(10));
		this.jobs.runDue();
		assertThat(this.mailbox.letters()).containsExactly("invoice o-1", "reminder o-1");
	}

	@Test
	void writesBoth() {
		this.shop.order("o-1");
		this.jobs.drain();
		assertThat(this.mailbox.letters()).containsExactly("invoice o-1", "reminder o-1");
		assertThat(this.jobs).hasNoFailedRuns();
	}

	@Test
	void triesAgainWhenThePrinterIsBusy() {
		this.jobs.nextRun(Invoices::send).fails(new IOException("printer is busy"));
		this.shop.order("o-1");
		this.jobs.drain();
		assertThat(this.mailbox.letters()).contains("invoice o-1");
		assertThat(this.jobs).hasNoDeadJobs();
	}

	@Test
	void writesAnInvoiceOnceThoughItIsDeliveredTwice() {
		this.jobs.nextRun(Invoices::send).isDeliveredTwice();
		this.shop.order("o-1");
		this.jobs.runDue();
		assertThat(this.mailbox.letters()).containsExactly("invoice o-1");
	}

	@Test
	void survivesWhatPlatformsDo() {
		this.jobs.nextRun(Invoices::send).losesItsAcknowledgement();
		this.jobs.nextRun(Invoices::remind).isInterrupted();
		this.shop.order("o-1");
		this.jobs.drain();
		assertThat(this.mailbox.letters()).containsExactlyInAnyOrder("invoice o-1", "reminder o-1");
	}

	@Test
	@Transactional
	void sendsAnInvoiceOnceTheOrderIsCommitted() {
		this.shop.order("o-1");
		TestTransaction.flagForCommit();
		TestTransaction.end();
		assertThat(this.jobs).enqueued(Invoices::send).once();
	}

	@Test
	void showsWhatWasEnqueuedInstead() {
		this.shop.order("o-2");
		Throwable failure = catchThrowable(
				() -> assertThat(this.jobs).enqueued(Invoices::send).withArguments(new Invoice("o-1")));
		assertThat(failure.getMessage().replaceFirst("\\(at .*\\)", "(at 2026-06-11T12:00:00Z)")).isEqualTo(
				"""
						Expecting that 'invoices.send' was enqueued, with arguments [Invoice[order=o-1]], but it was not. Nearest:
						  invoices.send[Invoice[order=o-2]] on queue 'default', at once
						Enqueued besides:
						  invoices.remind[Invoice[order=o-2]] on queue 'reminders', in 10d (at 2026-06-11T12:00:00Z)""");
	}

	@Test
	void showsJobsAsValues() {
		this.shop.order("o-1");
		List<RecordedJob> all = this.jobs.enqueued();
		assertThat(all).extracting(RecordedJob::queue).containsExactly("default", "reminders");
	}

	record Invoice(String order) {
	}

	record Mailbox(List<String> letters) {
	}

	static class Invoices {

		private final Mailbox mailbox;

		Invoices(Mailbox mailbox) {
			this.mailbox = mailbox;
		}

		@BackgroundJob
		void send(Invoice invoice) {
			write("invoice " + invoice.order());
		}

		@BackgroundJob(queue = "reminders")
		void remind(Invoice invoice) {
			write("reminder " + invoice.order());
		}

		// May be called more than once for the same letter.
		private void write(String letter) {
			if (!this.mailbox.letters().contains(letter)) {
				this.mailbox.letters().add(letter);
			}
		}

	}

	static class Shop {

		private final JobDispatcher jobs;

		Shop(JobDispatcher jobs) {
			this.jobs = jobs;
		}

		void order(String id) {
			if (!id.isEmpty()) {
				this.jobs.enqueue(Invoices::send, new Invoice(id));
				this.jobs.enqueueIn(Duration.ofDays(10), Invoices::remind, new Invoice(id));
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Invoices.class, Shop.class })
	static class Application {

		@org.springframework.context.annotation.Bean
		Mailbox mailbox() {
			return new Mailbox(new CopyOnWriteArrayList<>());
		}

	}

}
