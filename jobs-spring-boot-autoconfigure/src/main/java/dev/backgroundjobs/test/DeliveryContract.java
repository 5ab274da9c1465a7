package dev.backgroundjobs.test;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOperationNotSupportedException;
import dev.backgroundjobs.JobOperations;
import dev.backgroundjobs.JobStatus;
import dev.backgroundjobs.autoconfigure.InvalidJobsConfigurationException;
import dev.backgroundjobs.backend.CancellableBackend;
import dev.backgroundjobs.backend.InspectableBackend;
import dev.backgroundjobs.backend.LoggedBackend;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.execution.Lease;
import dev.backgroundjobs.message.JobError;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.test.ContractApplication.ContractJobs;
import dev.backgroundjobs.test.ContractApplication.Keeper;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What becomes of a message once it was sent: no failure, crash or shutdown loses it, and
 * nothing that nobody vouches for is run.
 */
abstract class DeliveryContract extends BackendUnderTest {

	private static final String DEAD_LETTER = "jobs.queues.doomed.dead-letter=dead";

	@Test
	void retriesAFailedJobUntilItSucceeds() {
		jobs().enqueue(ContractJobs::failTwice, "f");
		awaitRuns("failTwice f attempt 1", "failTwice f attempt 2", "failTwice f attempt 3");
		assertThat(recorder().dead()).isEmpty();
	}

	@Test
	void waitsBetweenAttemptsWhereItCanDelay() {
		jobs().enqueue(ContractJobs::failTwice, "f");
		awaitRuns("failTwice f attempt 1", "failTwice f attempt 2", "failTwice f attempt 3");
		// A queue that cannot delay repeats at once, which takes as long as it takes.
		if (!capabilities().maxDelay().isZero()) {
			assertThat(waitBefore(2)).as("wait before attempt 2").isGreaterThanOrEqualTo(Duration.ofMillis(300));
			assertThat(waitBefore(3)).as("wait before attempt 3").isGreaterThanOrEqualTo(Duration.ofMillis(600));
		}
	}

	private Duration waitBefore(int attempt) {
		return Duration.between(recorder().time("failTwice f attempt " + (attempt - 1)),
				recorder().time("failTwice f attempt " + attempt));
	}

	@Test
	void saysThatAJobIsDeadAfterItsLastAttempt() {
		jobs().enqueue(ContractJobs::alwaysFail, "d");
		await("a dead job", () -> !recorder().dead().isEmpty());
		assertThat(recorder().runs()).containsExactly("alwaysFail d", "alwaysFail d");
		assertThat(recorder().dead()).singleElement().satisfies((event) -> {
			assertThat(event.cause()).hasMessage("always");
			assertThat(event.keptIn()).isNull();
			assertThat(event.message().args()).isEqualTo("[\"d\"]");
		});
	}

	@Test
	void keepsACopyOfADeadJobOrRefusesTo() {
		if (!capabilities().holdsDeadLetters()) {
			assertRefusesToHoldDeadJobs();
			return;
		}
		JobMessage copy = keptCopy();
		assertThat(recorder().dead()).singleElement()
			.satisfies((event) -> assertThat(event.keptIn()).isEqualTo("dead"));
		assertThat(copy.job()).isEqualTo("contractJobs.alwaysFail");
		assertThat(copy.queue()).isEqualTo("doomed");
		assertThat(copy.args()).isEqualTo("[\"d\"]");
		assertThat(copy.attempt()).isEqualTo(1);
		assertThat(copy.runAt()).isNull();
		assertThat(copy.error()).extracting(JobError::message).isEqualTo("always");
		assertThat(recorder().runs()).hasSize(2);
	}

	@Test
	void runsADeadJobThatIsPutBackWhereItKeepsThem() {
		if (!capabilities().holdsDeadLetters()) {
			assertRefusesToHoldDeadJobs();
			return;
		}
		JobMessage copy = keptCopy();
		jobBackend().enqueue(copy);
		await("two more runs", () -> recorder().runs().size() == 4);
		await("a second dead copy", () -> keptMessages(context(), "dead").size() == 2);
	}

	private void assertRefusesToHoldDeadJobs() {
		assertThatThrownBy(() -> start(DEAD_LETTER).close()).rootCause()
			.isInstanceOf(InvalidJobsConfigurationException.class)
			.hasMessageContaining("'jobs.queues.doomed.dead-letter' is 'dead', whose backend '" + backend()
					+ "' runs whatever it is given");
	}

	private JobMessage keptCopy() {
		restart(DEAD_LETTER);
		jobs().enqueue(ContractJobs::alwaysFail, "d");
		await("a dead copy", () -> !keptMessages(context(), "dead").isEmpty() && !recorder().dead().isEmpty());
		List<byte[]> kept = keptMessages(context(), "dead");
		assertThat(kept).hasSize(1);
		return context().getBean(JobMessageCodec.class).decode(kept.get(0), true).message();
	}

	@Test
	void deliversAgainWhatWasNotAcknowledgedOrTellsTheCaller() {
		restart("jobs.queues.unkept.dead-letter=kept", "jobs.queues.kept.backend=contract-keeper");
		try {
			jobs().enqueue(ContractJobs::failOnce, "r");
		}
		catch (JobException ex) {
			assertThat(ex).as("what the caller is told").hasMessageContaining("RELEASED");
			awaitRuns("failOnce r attempt 1");
			return;
		}
		awaitRuns("failOnce r attempt 1", "failOnce r attempt 1");
		await("the copy", () -> !recorder().dead().isEmpty());
		assertThat(context().getBean(Keeper.class).kept()).hasSize(1);
	}

	@Test
	void keepsMessagesOverARestartOrIsNotTrustedWithThem() {
		if (!keepsMessagesOverARestart()) {
			assertThat(settlementOfAFailedAttempt()).as("nothing of a durable message goes to a backend that forgets")
				.isEqualTo(capabilities().durable() ? Settlement.REPLACED : Settlement.RELEASED);
			return;
		}
		context().getBean(DeliveryProcessor.class).drain();
		jobs().enqueue(ContractJobs::say, "kept");
		restart();
		awaitRuns("say kept");
	}

	private Settlement settlementOfAFailedAttempt() {
		JobMessage message = message("contractJobs.failTwice", "[\"s\"]");
		byte[] body = context().getBean(JobMessageCodec.class).encode(message).bytes();
		return context().getBean(DeliveryProcessor.class).process(Delivery.pulled(body, backend(), true, 0));
	}

	@Test
	void runsEachJobOnceWithTwoInstances() {
		try (ConfigurableApplicationContext second = start("server.port=0")) {
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				jobs().enqueue(ContractJobs::say, "n" + i);
				expected.add("say n" + i);
			}
			List<String> runs = new ArrayList<>();
			await("runs on either instance", () -> {
				deliverDue(second);
				runs.clear();
				runs.addAll(recorder().runs());
				runs.addAll(second.getBean(ContractApplication.Recorder.class).runs());
				return runs.size() >= expected.size();
			});
			assertThat(runs).containsExactlyInAnyOrderElementsOf(expected);
		}
	}

	@Test
	void carriesSignedMessages() {
		restart("jobs.signing.key-id=k1", "jobs.signing.keys.k1=" + key(), "jobs.signing.required=true");
		jobs().enqueue(ContractJobs::say, "signed");
		awaitRuns("say signed");
	}

	@Test
	void carriesEncryptedMessages() {
		restart("jobs.signing.key-id=k1", "jobs.signing.keys.k1=" + key(), "jobs.encryption.key-id=e1",
				"jobs.encryption.keys.e1=" + key());
		jobs().enqueue(ContractJobs::say, "encrypted");
		awaitRuns("say encrypted");
	}

	private static String key() {
		byte[] key = new byte[32];
		new SecureRandom().nextBytes(key);
		return Base64.getEncoder().encodeToString(key);
	}

	@Test
	void refusesAForgedDelivery() {
		JobMessage message = message("contractJobs.say", "[\"forged\"]");
		byte[] body = context().getBean(JobMessageCodec.class).encode(message).bytes();
		Settlement settlement = context().getBean(DeliveryProcessor.class)
			.process(Delivery.pushed(body, false, 0, null));
		assertThat(settlement).isEqualTo(Settlement.UNTRUSTED);
		assertThat(recorder().runs()).isEmpty();
	}

	@Test
	void cancelsAJobOrSaysThatItCannot() {
		JobOperations operations = context().getBean(JobOperations.class);
		if (jobBackend() instanceof CancellableBackend) {
			assertThat(operations.cancel(unknownJob())).isFalse();
			return;
		}
		assertNotSupported(() -> operations.cancel(unknownJob()), "cancel a job");
	}

	@Test
	void tellsTheStatusOfAJobOrSaysThatItCannot() {
		JobOperations operations = context().getBean(JobOperations.class);
		if (jobBackend() instanceof InspectableBackend) {
			assertThat(operations.status(unknownJob())).isEqualTo(JobStatus.UNKNOWN);
			return;
		}
		assertNotSupported(() -> operations.status(unknownJob()), "tell the status of a job");
	}

	@Test
	void showsTheLogOfAJobOrSaysThatItCannot() {
		JobOperations operations = context().getBean(JobOperations.class);
		if (jobBackend() instanceof LoggedBackend) {
			assertThat(operations.logs(unknownJob())).isEmpty();
			return;
		}
		assertNotSupported(() -> operations.logs(unknownJob()), "show the log of a job");
	}

	private void assertNotSupported(ThrowingCallable call, String what) {
		assertThatExceptionOfType(JobOperationNotSupportedException.class).isThrownBy(call)
			.withMessage("Backend '" + backend() + "' of queue 'default' cannot " + what);
	}

	private static EnqueuedJob unknownJob() {
		return new EnqueuedJob(UUID.randomUUID().toString(), "contractJobs.say", "default", null, "none");
	}

	static JobMessage message(String job, String args) {
		Instant now = now();
		return JobMessage.builder(UUID.randomUUID().toString(), job, "default", args, now).build();
	}

}
