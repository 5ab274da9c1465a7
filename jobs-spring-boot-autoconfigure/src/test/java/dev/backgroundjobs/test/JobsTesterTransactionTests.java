package dev.backgroundjobs.test;

import java.util.List;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.test.Letters.Letter;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.Commit;
import org.springframework.test.context.transaction.AfterTransaction;
import org.springframework.test.context.transaction.TestTransaction;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * In a transactional test jobs wait for a commit that never comes, and the tester says
 * so.
 */
@SpringBootTest(classes = JobsTesterTests.Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = "spring.datasource.url=jdbc:h2:mem:tester")
@AutoConfigureJobsTester
@Transactional
class JobsTesterTransactionTests {

	private static final String WAITS = "2 jobs wait for the commit of the test's transaction: letters.wash, "
			+ "letters.send. Commit it, with TestTransaction.flagForCommit() and TestTransaction.end(), take "
			+ "@Transactional off the test, or set 'jobs.enqueue-after-commit=false' for it";

	@Autowired
	JobDispatcher dispatcher;

	@Autowired
	JobsTester jobs;

	@Test
	void saysThatJobsWaitInsteadOfThatNothingWasEnqueued() {
		enqueueTwo();
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.jobs).enqueued(Letters::wash).once())
			.withMessage("Expecting that 'letters.wash' was enqueued, but " + WAITS + ".");
	}

	@Test
	void doesNotSayThatNothingWasEnqueuedWhileJobsWait() {
		enqueueTwo();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.jobs).enqueuedNothing())
			.withMessage("Expecting that no job was enqueued, but " + WAITS + ".");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.jobs).didNotEnqueue(Letters::wash))
			.withMessageStartingWith("Expecting that 'letters.wash' was not enqueued, but 1 job waits for the commit");
		assertThat(this.jobs).didNotEnqueue(Letters::copy);
	}

	@Test
	void doesNotRunNothingQuietly() {
		enqueueTwo();
		assertThatIllegalStateException().isThrownBy(() -> this.jobs.runDue()).withMessage(WAITS);
		assertThatIllegalStateException().isThrownBy(() -> this.jobs.drain()).withMessage(WAITS);
	}

	@Test
	void hasTheJobsOnceTheTransactionIsCommitted() {
		enqueueTwo();
		TestTransaction.flagForCommit();
		TestTransaction.end();
		assertThat(this.jobs).enqueued(Letters::wash).once();
		assertThat(this.jobs.runDue()).hasSize(2);
	}

	@Test
	void hasNothingOnceTheTransactionIsRolledBack() {
		enqueueTwo();
		TestTransaction.end();
		assertThat(this.jobs).enqueuedNothing();
	}

	@Test
	@Transactional(propagation = Propagation.NOT_SUPPORTED)
	void enqueuesAtOnceWithoutATransaction() {
		enqueueTwo();
		assertThat(this.jobs.enqueued()).hasSize(2);
	}

	private void enqueueTwo() {
		this.dispatcher.enqueue(Letters::wash);
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
	}

	@Nested
	@Commit
	class Committed {

		@Test
		void hasTheJobsAfterTheTransaction() {
			enqueueTwo();
		}

		@AfterTransaction
		void areThere() {
			assertThat(JobsTesterTransactionTests.this.jobs.enqueued()).extracting(RecordedJob::job)
				.isEqualTo(List.of("letters.wash", "letters.send"));
		}

	}

	@Nested
	@SpringBootTest(classes = JobsTesterTests.Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
			properties = { "spring.datasource.url=jdbc:h2:mem:tester", "jobs.enqueue-after-commit=false" })
	class SentAtTheCall {

		@Test
		void hasTheJobsBeforeTheCommit() {
			enqueueTwo();
			assertThat(JobsTesterTransactionTests.this.jobs).enqueued(Letters::wash).once();
		}

	}

}
