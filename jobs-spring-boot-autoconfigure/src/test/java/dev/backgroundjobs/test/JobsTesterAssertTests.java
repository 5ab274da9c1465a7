package dev.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.test.Letters.Label;
import dev.backgroundjobs.test.Letters.Letter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The sentences of {@link JobsTesterAssert}, and what they say when they are not true.
 */
@SpringBootTest(classes = JobsTesterTests.Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE)
@AutoConfigureJobsTester
class JobsTesterAssertTests {

	@Autowired
	JobDispatcher dispatcher;

	@Autowired
	JobsTester jobs;

	@Test
	void readsLikeASentence() {
		Letter letter = new Letter("Ada");
		Instant time = Instant.parse("2199-01-01T08:00:00.0001Z");
		this.dispatcher.enqueueIn(Duration.ofMinutes(10), Letters::send, letter);
		this.dispatcher.with(JobOptions.none().priority(3).header("tenant", "t-1"))
			.enqueueAt(time, Letters::copy, "a", "b");
		assertThat(this.jobs).enqueued(Letters::send)
			.once()
			.onQueue("mail")
			.withArguments(letter)
			.in(Duration.ofMinutes(10));
		assertThat(this.jobs).enqueued(Letters::copy)
			.at(time)
			.withArguments("a", "b")
			.withPriority(3)
			.withHeader("tenant", "t-1");
		assertThat(this.jobs).didNotEnqueue(Letters::wash).didNotEnqueue("letters.sort");
	}

	@Test
	void findsAJobByAnAlias() {
		this.dispatcher.enqueue("letters.clean");
		assertThat(this.jobs).enqueued("letters.clean").once().in(Duration.ZERO);
		assertThat(this.jobs).enqueued(Letters::wash);
	}

	@Test
	void countsWhatWasNarrowedDownTo() {
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
		this.dispatcher.enqueue(Letters::send, new Letter("Bob"));
		assertThat(this.jobs).enqueued(Letters::send).times(2).withArguments(new Letter("Bob")).once();
	}

	@Test
	void saysThatNothingWasEnqueued() {
		assertThat(this.jobs).enqueuedNothing();
		assertFails(() -> assertThat(this.jobs).enqueued(Letters::send))
			.isEqualTo("Expecting that 'letters.send' was enqueued, but nothing was.");
	}

	@Test
	void listsWhatWasEnqueuedInstead() {
		this.dispatcher.with(JobOptions.none().priority(2).header("tenant", "t-1"))
			.enqueue(Letters::send, new Letter("Ada"));
		this.dispatcher.enqueue(Letters::copy, "a", "b");
		assertFails(() -> assertThat(this.jobs).enqueued("invoices.pay")).isEqualTo("""
				Expecting that 'invoices.pay' was enqueued, but it was not.
				Enqueued besides:
				  letters.send[Letter[to=Ada]] on queue 'mail', at once, priority 2, headers {tenant=t-1}
				  letters.copy[a, b] on queue 'default', at once""");
	}

	@Test
	void namesTheNearestNameFirst() {
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
		this.dispatcher.enqueue(Letters::wash);
		assertFails(() -> assertThat(this.jobs).enqueued("letters.sent")).isEqualTo("""
				Expecting that 'letters.sent' was enqueued, but it was not. Nearest:
				  letters.send[Letter[to=Ada]] on queue 'mail', at once
				Enqueued besides:
				  letters.wash[] on queue 'default', at once""");
	}

	@Test
	void namesTheJobsThatDifferInOneThingFirst() {
		this.dispatcher.with(JobOptions.queue("express")).enqueue(Letters::send, new Letter("Ada"));
		this.dispatcher.enqueue(Letters::send, new Letter("Bob"));
		this.dispatcher.enqueue(Letters::wash);
		assertFails(
				() -> assertThat(this.jobs).enqueued(Letters::send).onQueue("mail").withArguments(new Letter("Ada")))
			.isEqualTo(
					"""
							Expecting that 'letters.send' was enqueued, on queue 'mail', with arguments [Letter[to=Ada]], but it was not. Nearest:
							  letters.send[Letter[to=Bob]] on queue 'mail', at once
							Enqueued besides:
							  letters.send[Letter[to=Ada]] on queue 'express', at once
							  letters.wash[] on queue 'default', at once""");
	}

	@Test
	void saysHowOftenInsteadOfOnce() {
		this.dispatcher.enqueue(Letters::wash);
		this.dispatcher.enqueue(Letters::wash);
		assertFails(() -> assertThat(this.jobs).enqueued(Letters::wash).once()).isEqualTo("""
				Expecting that 'letters.wash' was enqueued, once, but it was 2 times:
				  letters.wash[] on queue 'default', at once
				  letters.wash[] on queue 'default', at once""");
	}

	@Test
	void showsTheDelayThatIsInstead() {
		this.dispatcher.enqueueIn(Duration.ofMinutes(90), Letters::wash);
		Instant runAt = this.jobs.enqueued().get(0).runAt();
		assertFails(() -> assertThat(this.jobs).enqueued(Letters::wash).in(Duration.ofMinutes(10)))
			.isEqualTo("Expecting that 'letters.wash' was enqueued, in 10m, but it was not. Nearest:\n"
					+ "  letters.wash[] on queue 'default', in 1h30m (at " + runAt + ")");
	}

	@Test
	void tellsTheOrderOfAList() {
		this.dispatcher.enqueue(Letters::sort, 3, List.of("b", "a"), Label.of("fragile"));
		assertFails(() -> assertThat(this.jobs).enqueued(Letters::sort)
			.withArguments(3, List.of("a", "b"), Label.of("fragile"))).contains("Nearest:\n  letters.sort[3, [b, a]");
	}

	@Test
	void saysThatArgumentsCannotBeTheJobs() {
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
		assertFails(() -> assertThat(this.jobs).enqueued(Letters::send).withArguments("Ada", 3))
			.isEqualTo("Expecting that 'letters.send' was enqueued, with arguments [Ada, 3], which cannot be: "
					+ "Job 'letters.send' takes 1 argument (Letter), not 2");
	}

	@Test
	void listsWhatShouldNotHaveBeenEnqueued() {
		this.dispatcher.enqueue(Letters::wash);
		assertFails(() -> assertThat(this.jobs).enqueuedNothing()).isEqualTo(
				"Expecting that no job was enqueued, but there are:\n  letters.wash[] on queue 'default', at once");
		assertFails(() -> assertThat(this.jobs).didNotEnqueue(Letters::wash)).isEqualTo(
				"Expecting that 'letters.wash' was not enqueued, but there are:\n  letters.wash[] on queue 'default', at once");
	}

	@Test
	void showsADeadJobWithItsCause() {
		IllegalStateException failure = new IllegalStateException("post office closed");
		for (int i = 0; i < 3; i++) {
			this.jobs.nextRun(Letters::send).fails(failure);
		}
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
		this.jobs.drain();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.jobs).hasNoDeadJobs())
			.withMessageMatching("Expecting that no job is dead, but there are:\n"
					+ "  letters\\.send\\[Letter\\[to=Ada]] on queue 'mail', in 3m.*, attempt 3: failed in 3 attempts, "
					+ "java\\.lang\\.IllegalStateException: post office closed")
			.withCause(failure);
	}

	@Test
	void showsAFailedAttemptThoughAnotherFollows() {
		this.jobs.nextRun(Letters::send).fails(new IllegalStateException("post office closed"));
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
		this.jobs.runDue();
		assertThat(this.jobs).hasNoDeadJobs();
		assertFails(() -> assertThat(this.jobs).hasNoFailedRuns()).isEqualTo(
				"Expecting that no run has failed, but there are:\n  letters.send[Letter[to=Ada]] on queue 'mail', "
						+ "at once: java.lang.IllegalStateException: post office closed");
	}

	@Test
	void showsItsDescription() {
		assertFails(() -> assertThat(this.jobs).as("after 100 % of it").enqueued(Letters::wash).once())
			.startsWith("Expecting");
		this.dispatcher.enqueue(Letters::wash);
		assertFails(() -> assertThat(this.jobs).as("after 100 % of it").enqueuedNothing())
			.startsWith("[after 100 % of it] Expecting");
	}

	private static org.assertj.core.api.AbstractStringAssert<?> assertFails(ThrowingCallable call) {
		Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(call);
		assertThat(thrown).isInstanceOf(AssertionError.class);
		return assertThat(thrown.getMessage());
	}

}
