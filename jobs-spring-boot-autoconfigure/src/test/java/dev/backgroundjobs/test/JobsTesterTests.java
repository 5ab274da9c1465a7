package dev.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.test.Letters.Label;
import dev.backgroundjobs.test.Letters.Letter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What {@link JobsTester} shows, and what it makes happen.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE)
@AutoConfigureJobsTester
class JobsTesterTests {

	@Autowired
	JobDispatcher dispatcher;

	@Autowired
	JobsTester jobs;

	@Autowired
	Letters letters;

	@BeforeEach
	void forgetRuns() {
		this.letters.runs.clear();
	}

	@Test
	void showsWhatWasEnqueuedInItsTypes() {
		EnqueuedJob enqueued = this.dispatcher.with(JobOptions.queue("express").priority(7).header("tenant", "t-1"))
			.enqueueIn(Duration.ofMinutes(10), Letters::send, new Letter("Ada"));
		assertThat(this.jobs.enqueued()).singleElement().satisfies((job) -> {
			assertThat(job.id()).isEqualTo(enqueued.id());
			assertThat(job.job()).isEqualTo("letters.send");
			assertThat(job.queue()).isEqualTo("express");
			assertThat(job.arguments()).containsExactly(new Letter("Ada"));
			assertThat(job.delay()).isEqualTo(Duration.ofMinutes(10));
			assertThat(job.runAt()).isEqualTo(enqueued.runAt());
			assertThat(job.priority()).isEqualTo(7);
			assertThat(job.headers()).containsEntry("tenant", "t-1");
			assertThat(job.attempt()).isEqualTo(1);
		});
	}

	@Test
	void showsAnotherServicesJobAsPlainValues() {
		this.dispatcher.with(JobOptions.queue("billing")).enqueue("invoices.pay", new Letter("Ada"), 3);
		assertThat(this.jobs.enqueued()).singleElement()
			.satisfies((job) -> assertThat(job.arguments()).containsExactly(Map.of("to", "Ada"), 3));
		assertThat(this.jobs).enqueued("invoices.pay").withArguments(new Letter("Ada"), 3);
	}

	@Test
	void leavesAnotherServicesJobWhereItIs() {
		this.dispatcher.with(JobOptions.queue("billing")).enqueue("invoices.pay", new Letter("Ada"));
		this.dispatcher.enqueue(Letters::wash);
		assertThat(this.jobs.drain()).hasSize(1);
		assertThat(this.jobs.waiting()).extracting(RecordedJob::job).containsExactly("invoices.pay");
		assertThat(this.jobs).hasNoDeadJobs();
	}

	@Test
	void runsWhatIsDueAndNothingElse() {
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
		this.dispatcher.enqueueIn(Duration.ofMinutes(10), Letters::wash);
		List<JobRun> ran = this.jobs.runDue();
		assertThat(ran).extracting((run) -> run.job().job()).containsExactly("letters.send");
		assertThat(ran).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
		assertThat(this.letters.runs).containsExactly("send Ada attempt 1");
		assertThat(this.jobs.waiting()).extracting(RecordedJob::job).containsExactly("letters.wash");
	}

	@Test
	void remembersWhatWasEnqueuedAfterItHasRun() {
		this.dispatcher.enqueue(Letters::wash);
		this.jobs.runDue();
		assertThat(this.jobs).enqueued(Letters::wash).once();
		assertThat(this.jobs.runs()).hasSize(1);
		assertThat(this.jobs.waiting()).isEmpty();
	}

	@Test
	void runsADelayedJobExactlyWhenItsTimeHasCome() {
		this.dispatcher.enqueueIn(Duration.ofMinutes(10), Letters::wash);
		this.jobs.advance(Duration.ofMinutes(9));
		assertThat(this.jobs.runDue()).isEmpty();
		this.jobs.advance(Duration.ofMinutes(1));
		assertThat(this.jobs.runDue()).hasSize(1);
	}

	@Test
	void tellsItsTimeToJobs() {
		Instant before = this.jobs.now();
		this.jobs.advance(Duration.ofDays(30));
		EnqueuedJob enqueued = this.dispatcher.enqueueIn(Duration.ofHours(1), Letters::wash);
		assertThat(enqueued.runAt()).isAfterOrEqualTo(before.plus(Duration.ofDays(30)).plus(Duration.ofHours(1)));
		assertThat(this.jobs.now()).isAfterOrEqualTo(before.plus(Duration.ofDays(30)));
	}

	@Test
	void doesNotTurnTheClockBack() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.jobs.advance(Duration.ofSeconds(-1)))
			.withMessageStartingWith("The clock cannot go back by PT1S");
	}

	@Test
	void drainsDelayedJobsAndWhatTheyEnqueue() {
		Instant before = this.jobs.now();
		this.dispatcher.enqueueIn(Duration.ofHours(1), Letters::answer, new Letter("Ada"));
		assertThat(this.jobs.drain()).extracting((run) -> run.job().job())
			.containsExactly("letters.answer", "letters.send");
		assertThat(this.jobs.now()).isAfterOrEqualTo(before.plus(Duration.ofHours(3)));
		assertThat(this.letters.runs).containsExactly("send Ada attempt 1");
	}

	@Test
	void namesTheDelayedJobThatGoesOnForEver() {
		this.dispatcher.enqueue(Letters::wash);
		this.dispatcher.enqueue(Letters::remind);
		assertThatIllegalStateException().isThrownBy(() -> this.jobs.drain(50))
			.withMessage("50 jobs were run and more are due: job 'letters.remind' goes on, with 49 of these runs. Does "
					+ "it enqueue itself, is it released or throttled again and again, or is it an iteration with more "
					+ "slices? If there is an end to it, give drain(int) a larger limit");
	}

	@Test
	void namesTheJobThatEnqueuesItselfAtOnce() {
		this.dispatcher.enqueue(Letters::spin);
		assertThatIllegalStateException().isThrownBy(() -> this.jobs.runDue())
			.withMessageStartingWith("1000 jobs were run and more are due: job 'letters.spin' goes on");
	}

	@Test
	void failsTheNextRunOnPurposeAndOnlyThat() {
		this.jobs.nextRun(Letters::send).fails(new IllegalStateException("post office closed"));
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
		assertThat(this.jobs.runDue()).singleElement().satisfies((run) -> {
			assertThat(run.settlement()).isEqualTo(Settlement.REPLACED);
			assertThat(run.isFailed()).isTrue();
			assertThat(run.error()).satisfies((error) -> {
				assertThat(error.type()).isEqualTo(IllegalStateException.class.getName());
				assertThat(error.message()).isEqualTo("post office closed");
			});
		});
		assertThat(this.jobs.waiting()).singleElement().satisfies((job) -> {
			assertThat(job.attempt()).isEqualTo(2);
			assertThat(job.runAt()).isBetween(this.jobs.now().plusSeconds(50), this.jobs.now().plusSeconds(60));
		});
		this.jobs.advance(Duration.ofMinutes(1));
		assertThat(this.jobs.runDue()).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
		assertThat(this.letters.runs).containsExactly("send Ada attempt 2");
	}

	@Test
	void showsWhyAJobIsDead() {
		for (int i = 0; i < 3; i++) {
			this.jobs.nextRun("letters.send").fails(new IllegalStateException("closed " + i));
		}
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
		assertThat(this.jobs.drain()).extracting(JobRun::settlement)
			.containsExactly(Settlement.REPLACED, Settlement.REPLACED, Settlement.DEAD);
		assertThat(this.jobs.deadJobs()).singleElement().satisfies((event) -> {
			assertThat(event.reason()).isEqualTo("failed in 3 attempts");
			assertThat(event.cause()).hasMessage("closed 2");
		});
	}

	@Test
	void interruptsTheNextRunAsAShutdownDoes() {
		this.jobs.nextRun(Letters::send).isInterrupted();
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
		List<JobRun> ran = this.jobs.runDue();
		assertThat(this.letters.runs).containsExactly("send Ada attempt 1 interrupted", "send Ada attempt 1");
		assertThat(ran).extracting(JobRun::settlement).containsExactly(Settlement.REPLACED, Settlement.DONE);
		assertThat(ran).noneMatch(JobRun::isFailed);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void runsAgainWhatLostItsAcknowledgement() {
		this.jobs.nextRun(Letters::send).losesItsAcknowledgement();
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
		assertThat(this.jobs.runDue()).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
		assertThat(this.jobs.waiting()).hasSize(1);
		assertThat(this.jobs.runDue()).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
		assertThat(this.letters.runs).containsExactly("send Ada attempt 1", "send Ada attempt 1");
		assertThat(this.jobs.waiting()).isEmpty();
	}

	@Test
	void sendsTheRetryOnceOfAFailureThatLostItsAcknowledgement() {
		this.jobs.nextRun(Letters::send).losesItsAcknowledgement();
		this.jobs.nextRun(Letters::send).fails(new IllegalStateException("first"));
		this.jobs.nextRun(Letters::send).fails(new IllegalStateException("again"));
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
		this.jobs.runDue();
		this.jobs.runDue();
		assertThat(this.jobs.waiting()).singleElement().satisfies((job) -> assertThat(job.attempt()).isEqualTo(2));
	}

	@Test
	void runsTwiceWhatIsDeliveredTwice() {
		this.jobs.nextRun(Letters::send).isDeliveredTwice();
		this.dispatcher.enqueue(Letters::send, new Letter("Ada"));
		assertThat(this.jobs.runDue()).hasSize(2);
		assertThat(this.letters.runs).containsExactly("send Ada attempt 1", "send Ada attempt 1");
		assertThat(this.jobs.waiting()).isEmpty();
		assertThat(this.jobs).enqueued(Letters::send).once();
	}

	@Test
	void doesNotCallADiscardedJobFailed() {
		this.dispatcher.enqueue(Letters::drop);
		this.jobs.runDue();
		assertThat(this.jobs).hasNoFailedRuns().hasNoDeadJobs();
	}

	@Test
	void takesAnIdAgainAfterItWasCleared() {
		String id = "6f1c1f6e-7d1b-4c58-9d5f-0a8f0a1b2c3d";
		for (int i = 0; i < 2; i++) {
			this.dispatcher.with(JobOptions.none().id(id)).enqueue(Letters::wash);
			assertThat(this.jobs.runDue()).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
			this.jobs.clear();
		}
		assertThat(this.letters.runs).containsExactly("wash", "wash");
	}

	@Test
	void refusesAJobThatIsNotDeclared() {
		assertThatExceptionOfType(dev.backgroundjobs.UnknownJobException.class)
			.isThrownBy(() -> this.jobs.nextRun(JobsTesterTests::showsWhyAJobIsDead));
	}

	@Test
	void comparesArgumentsAsTheJobGetsThem() {
		this.dispatcher.enqueue(Letters::sort, 3, List.of("b", "a"), Label.of("fragile"));
		assertThat(this.jobs).enqueued(Letters::sort).withArguments(3, List.of("b", "a"), Label.of("fragile"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Letters.class)
	static class Application {

	}

}
