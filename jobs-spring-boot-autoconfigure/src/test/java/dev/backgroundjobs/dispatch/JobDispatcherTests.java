package dev.backgroundjobs.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOperationNotSupportedException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.PartialEnqueueException;
import dev.backgroundjobs.RecordingJobBackend;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.UnknownJobException;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.dispatch.DispatchFixture.Reports;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * From a call to what a backend is given.
 */
class JobDispatcherTests {

	private static final BackendCapabilities DELAYS = BackendCapabilities.none().withMaxDelay(Duration.ofMinutes(15));

	private final RecordingJobBackend main = new RecordingJobBackend("main", DELAYS);

	private final RecordingJobBackend other = new RecordingJobBackend("other", BackendCapabilities.none());

	private final DispatchFixture fixture = new DispatchFixture(List.of(this.main, this.other),
			Map.of("bulkmail", new QueueSettings(null, null, null), "slow", new QueueSettings("other", null, null),
					"relayed", new QueueSettings("other", "main", null)));

	private final JobDispatcher jobs = this.fixture.dispatcher();

	@Test
	void sendsAJobToItsQueue() {
		// when
		EnqueuedJob job = this.jobs.enqueue(Reports::generate, "text");

		// then
		JobMessage message = this.main.onlyMessage();
		assertThat(message.queue()).isEqualTo("bulk-mail");
		assertThat(message.job()).isEqualTo("reports.generate");
		assertThat(message.args()).isEqualTo("[\"text\"]");
		assertThat(message.priority()).isEqualTo(3);
		assertThat(message.attempt()).isEqualTo(1);
		assertThat(message.seq()).isZero();
		assertThat(message.runAt()).isNull();
		assertThat(job)
			.isEqualTo(new EnqueuedJob(message.id(), "reports.generate", "bulk-mail", null, "main-1", false));
	}

	@Test
	void givesEveryJobATimeOrderedId() {
		String first = this.jobs.enqueue(Reports::clean).id();
		String second = this.jobs.enqueue(Reports::clean).id();
		assertThat(UUID.fromString(first).version()).isEqualTo(7);
		assertThat(second).isGreaterThan(first);
	}

	@Test
	void findsAJobByName() {
		assertThat(this.jobs.enqueue("reports.generate", "text").job()).isEqualTo("reports.generate");
	}

	@Test
	void sendsAnAliasUnderTheNameOfToday() {
		assertThat(this.jobs.enqueue("old.generate", "text").job()).isEqualTo("reports.generate");
		assertThat(this.main.onlyMessage().job()).isEqualTo("reports.generate");
	}

	@Test
	void prefersTheQueueOfTheOptions() {
		this.jobs.with(JobOptions.queue("slow")).enqueue(Reports::clean);
		assertThat(this.other.onlyMessage().queue()).isEqualTo("slow");
		assertThat(this.main.sent).isEmpty();
	}

	@Test
	void prefersTheOptionsOfACallToThoseOfTheDispatcher() {
		// when
		this.jobs.with(JobOptions.queue("slow").priority(1).header("a", "1").header("b", "1"))
			.enqueue(JobCall.of(Reports::clean)
				.with(JobOptions.queue("default").priority(2).header("b", "2").header("c", "2")));

		// then
		JobMessage message = this.main.onlyMessage();
		assertThat(message.queue()).isEqualTo("default");
		assertThat(message.priority()).isEqualTo(2);
		assertThat(message.headers()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"), Map.entry("c", "2"));
	}

	@Test
	void addsUpTheOptionsOfDispatchers() {
		this.jobs.with(JobOptions.none().priority(7)).with(JobOptions.queue("default")).enqueue(Reports::clean);
		assertThat(this.main.onlyMessage().priority()).isEqualTo(7);
	}

	@Test
	void leavesADispatcherAsItWas() {
		this.jobs.with(JobOptions.queue("slow"));
		this.jobs.enqueue(Reports::clean);
		assertThat(this.main.onlyMessage().queue()).isEqualTo("default");
	}

	@Test
	void setsAPriorityOfZeroOverADeclaredOne() {
		this.jobs.with(JobOptions.none().priority(0)).enqueue(Reports::generate, "a");
		assertThat(this.main.onlyMessage().priority()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MAX_VALUE, Integer.MIN_VALUE, 1_000_000_001 })
	void sendsAPriorityThatReadersAccept(int priority) {
		this.jobs.with(JobOptions.none().priority(priority)).enqueue(Reports::clean);
		assertDecodes(this.main.onlyMessage());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Slow", "slow_lane", "a--b", "slow-" })
	void refusesABadQueue(String queue) {
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> this.jobs.with(JobOptions.queue(queue)).enqueue(Reports::clean))
			.withMessageContaining("Queue '" + queue + "'");
	}

	@Test
	void suggestsTheNearestName() {
		assertThatExceptionOfType(UnknownJobException.class).isThrownBy(() -> this.jobs.enqueue("report.generate", "a"))
			.withMessageContaining("No job has the name 'report.generate': did you mean 'reports.generate'?");
	}

	@Test
	void suggestsNothingWhereNothingIsNear() {
		assertThatExceptionOfType(UnknownJobException.class)
			.isThrownBy(() -> this.jobs.enqueue("completely.different.thing"))
			.withMessageNotContaining("did you mean")
			.withMessageContaining("JobOptions.queue(\"billing\")");
	}

	@ParameterizedTest
	@ValueSource(strings = { "sqs", "aws", "jms", "abc" })
	void suggestsNothingForShortNamesThatShareLittle(String name) {
		assertThat(dev.backgroundjobs.message.MessageNames.nearest(name, List.of("inline", "local", "test"))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "lcoal", "locla", "Local", "loca", "localy", "lo-cal" })
	void suggestsWhatIsMisspelt(String name) {
		assertThat(dev.backgroundjobs.message.MessageNames.nearest(name, List.of("inline", "local", "test")))
			.isEqualTo("local");
	}

	@Test
	void sendsAnotherServicesJobUnchecked() {
		this.jobs.with(JobOptions.queue("billing")).enqueue("invoices.send", Map.of("id", 7), 1.5);
		JobMessage message = this.main.onlyMessage();
		assertThat(message.job()).isEqualTo("invoices.send");
		assertThat(message.queue()).isEqualTo("billing");
		assertThat(message.args()).isEqualTo("[{\"id\":7},1.5]");
	}

	@Test
	void refusesAnotherServicesJobOfABadName() {
		assertThatExceptionOfType(UnknownJobException.class)
			.isThrownBy(() -> this.jobs.with(JobOptions.queue("billing")).enqueue("send invoices"))
			.withMessageContaining("'send invoices' cannot be the name of a job");
	}

	@Test
	void refusesAnArgumentOfAnotherType() {
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> this.jobs.enqueue("reports.generate", 7))
			.withMessageContaining("Argument 'text'")
			.withMessageContaining("reports.generate");
		assertThat(this.main.sent).isEmpty();
	}

	@Test
	void takesASingleNullForAnArgument() {
		this.jobs.enqueue("reports.generate", (Object) null);
		assertThat(this.main.onlyMessage().args()).isEqualTo("[null]");
	}

	@Test
	void takesTheCallersId() {
		String id = "6F9619FF-8B86-D011-B42D-00CF4FC964FF";
		assertThat(this.jobs.with(JobOptions.none().id(id)).enqueue(Reports::clean).id()).isEqualTo(id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "order-7", "6F9619FF8B86D011B42D00CF4FC964FF", "6F9619FF-8B86-D011-B42D-00CF4FC964FG",
			"1-1-1-1-1" })
	void refusesAnIdThatIsNoUuid(String id) {
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> this.jobs.with(JobOptions.none().id(id)).enqueue(Reports::clean))
			.withMessageContaining("JobOptions.id '" + id + "' is not a UUID");
	}

	@Test
	void answersADuplicateOfTheCallersKey() {
		// given
		this.main.before = (message) -> {
			throw new DuplicateMessageException("taken");
		};

		// when
		EnqueuedJob job = this.jobs.with(JobOptions.none().deduplicationKey("order-7")).enqueue(Reports::clean);

		// then
		assertThat(job.duplicate()).isTrue();
		assertThat(job.backendId()).isNull();
	}

	@Test
	void takesADuplicateOfOurOwnKeyForSuccess() {
		this.main.before = (message) -> {
			throw new DuplicateMessageException("taken");
		};
		assertThat(this.jobs.enqueue(Reports::clean).duplicate()).isFalse();
	}

	@Test
	void answersDuplicatesInABatch() {
		this.main.before = (message) -> {
			throw new DuplicateMessageException("taken");
		};
		assertThat(this.jobs.with(JobOptions.none().deduplicationKey("order-7"))
			.enqueueAll(List.of(JobCall.of(Reports::clean)))).extracting(EnqueuedJob::duplicate).containsExactly(true);
	}

	@Test
	void refusesADeduplicationKeyThatIsTooLong() {
		assertThatIllegalArgumentException().isThrownBy(() -> JobOptions.none().deduplicationKey("x".repeat(257)))
			.withMessageContaining("257 characters");
	}

	@Test
	void namesQueueAndBackendOfAMessageThatWasNotSent() {
		this.main.before = (message) -> {
			throw new IllegalStateException("connection refused");
		};
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> this.jobs.enqueue(Reports::generate, "secret"))
			.withMessageContaining("Job 'reports.generate' could not be sent to queue 'bulk-mail' on backend 'main'")
			.withMessageContaining("connection refused")
			.withMessageNotContaining("secret");
	}

	@Test
	void delaysOnTheQueuesOwnBackend() {
		EnqueuedJob job = this.jobs.enqueueIn(Duration.ofMinutes(10), Reports::clean);
		Instant expected = Instant.parse("2026-03-01T10:21:12.346Z");
		assertThat(job.runAt()).isEqualTo(expected);
		assertThat(this.main.sent.get(0).time()).isEqualTo(expected);
		assertThat(this.main.onlyMessage().relay()).isFalse();
	}

	@Test
	void roundsATimeUpToMilliseconds() {
		Instant time = Instant.parse("2026-03-01T10:12:00.000000001Z");
		assertThat(this.jobs.enqueueAt(time, Reports::clean).runAt()).isEqualTo("2026-03-01T10:12:00.001Z");
	}

	@Test
	void keepsATimeOfWholeMilliseconds() {
		Instant time = Instant.parse("2026-03-01T10:12:00.001Z");
		assertThat(this.jobs.enqueueAt(time, Reports::clean).runAt()).isEqualTo(time);
	}

	@Test
	void neverRoundsADelayToNothing() {
		assertThat(this.jobs.enqueueIn(Duration.ofNanos(1), Reports::clean).runAt())
			.isEqualTo("2026-03-01T10:11:12.346Z");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S", "PT-1000000H" })
	void sendsAtOnceWhatIsNotDelayed(String delay) {
		assertThat(this.jobs.enqueueIn(Duration.parse(delay), Reports::clean).runAt()).isNull();
		assertThat(this.main.sent.get(0).time()).isNull();
	}

	@Test
	void sendsAtOnceWhatWasToRunInThePast() {
		assertThat(this.jobs.enqueueAt(Instant.MIN, Reports::clean).runAt()).isNull();
	}

	@Test
	void refusesATimeBeyondTheYear9999() {
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> this.jobs.enqueueAt(Instant.parse("9999-06-01T00:00:00Z"), Reports::clean))
			.withMessageContaining("give a time before the year 9999");
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> this.jobs.enqueueIn(Duration.ofSeconds(Long.MAX_VALUE), Reports::clean))
			.withMessageContaining("reports.clean");
	}

	@Test
	void hopsOnItsOwnBackendWhereNothingElseDelays() {
		this.jobs.enqueueIn(Duration.ofHours(1), Reports::clean);
		assertThat(this.main.sent.get(0).time()).isEqualTo(DispatchFixture.NOW.plus(Duration.ofMinutes(15)));
		assertThat(this.main.onlyMessage().runAt()).isEqualTo("2026-03-01T11:11:12.346Z");
		assertThat(this.main.onlyMessage().relay()).isFalse();
	}

	@Test
	void relaysOverTheDelayBackend() {
		this.jobs.with(JobOptions.queue("relayed")).enqueueIn(Duration.ofMinutes(1), Reports::clean);
		assertThat(this.other.sent).isEmpty();
		JobMessage message = this.main.onlyMessage();
		assertThat(message.relay()).isTrue();
		assertThat(message.queue()).isEqualTo("relayed");
		assertThat(this.main.sent.get(0).time()).isEqualTo(message.runAt());
	}

	@Test
	void hopsOnTheDelayBackend() {
		this.jobs.with(JobOptions.queue("relayed")).enqueueIn(Duration.ofHours(1), Reports::clean);
		assertThat(this.main.onlyMessage().relay()).isTrue();
		assertThat(this.main.sent.get(0).time()).isEqualTo(DispatchFixture.NOW.plus(Duration.ofMinutes(15)));
	}

	@Test
	void sendsAtOnceOnTheQueuesOwnBackendWhatIsNotDelayed() {
		this.jobs.with(JobOptions.queue("relayed")).enqueue(Reports::clean);
		assertThat(this.other.onlyMessage().relay()).isFalse();
	}

	@Test
	void refusesADelayThatTheQueueCannotKeep() {
		assertThatExceptionOfType(SchedulingNotSupportedException.class)
			.isThrownBy(() -> this.jobs.with(JobOptions.queue("slow")).enqueueIn(Duration.ofSeconds(1), Reports::clean))
			.withMessage("Queue 'slow' cannot delay, since its backend 'other' cannot: set "
					+ "'jobs.queues.slow.delay-backend' to one that can, or drop the delay of job 'reports.clean'");
		assertThat(this.other.sent).isEmpty();
	}

	@Test
	void delaysOneCallOfABatch() {
		this.jobs.enqueueAll(List.of(JobCall.of(Reports::clean), JobCall.of(Reports::clean).in(Duration.ofMinutes(1))));
		assertThat(this.main.sent).extracting(RecordingJobBackend.Sent::time)
			.containsExactlyInAnyOrder(null, Instant.parse("2026-03-01T10:12:12.346Z"));
	}

	@Test
	void acceptsABackendThatDelaysForEver() {
		RecordingJobBackend forever = new RecordingJobBackend("forever",
				BackendCapabilities.none().withMaxDelay(java.time.temporal.ChronoUnit.FOREVER.getDuration()));
		new DispatchFixture(List.of(forever), Map.of()).dispatcher().enqueueIn(Duration.ofSeconds(1), Reports::clean);
		assertThat(forever.sent).hasSize(1);
	}

	@Test
	void expiresAJob() {
		this.jobs.with(JobOptions.none().expiresIn(Duration.ofHours(1))).enqueue(Reports::clean);
		assertThat(this.main.onlyMessage().expiresAt()).isEqualTo(DispatchFixture.NOW.plus(Duration.ofHours(1)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S" })
	void refusesAnExpiryBeforeTheJobCouldStart(Duration expiresIn) {
		assertThatIllegalArgumentException().isThrownBy(() -> JobOptions.none().expiresIn(expiresIn))
			.withMessage("expiresIn is " + expiresIn
					+ ", so that the job would expire before it could start: give a time above zero");
	}

	@Test
	void takesAnExpiryBeyondAllTimeForNone() {
		this.jobs.with(JobOptions.none().expiresIn(Duration.ofSeconds(Long.MAX_VALUE))).enqueue(Reports::clean);
		assertThat(this.main.onlyMessage().expiresAt()).isNull();
	}

	@Test
	void sendsAnExpiryThatReadersAccept() {
		this.jobs.with(JobOptions.none().expiresAt(Instant.MIN)).enqueue(Reports::clean);
		assertDecodes(this.main.onlyMessage());
	}

	@Test
	void refusesAHeaderWithoutAValue() {
		@SuppressWarnings("NullAway")
		String nothing = System.getProperty("there.is.no.such.property");
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> this.jobs.with(JobOptions.none().header("tenant", nothing)).enqueue(Reports::clean))
			.withMessageContaining("tenant");
	}

	@Test
	void refusesAHeaderThatReadersRefuse() {
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> this.jobs.with(JobOptions.none().header("x".repeat(10_001), "")).enqueue(Reports::clean));
	}

	@Test
	void refusesArgumentsThatFillAMessagesTokens() {
		try {
			this.jobs.with(JobOptions.queue("billing")).enqueue("invoices.send", new int[199_990]);
		}
		catch (JobException ex) {
			assertThat(ex).hasMessageContaining("JSON tokens");
			return;
		}
		assertDecodes(this.main.onlyMessage());
	}

	@Test
	void sendsTheDeepestArguments() {
		Object value = 1;
		for (int i = 0; i < 98; i++) {
			value = List.of(value);
		}
		this.jobs.with(JobOptions.queue("billing")).enqueue("invoices.send", value);
		assertDecodes(this.main.onlyMessage());
	}

	@Test
	void refusesDeeperArguments() {
		Object value = 1;
		for (int i = 0; i < 99; i++) {
			value = List.of(value);
		}
		Object deep = value;
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> this.jobs.with(JobOptions.queue("billing")).enqueue("invoices.send", deep));
	}

	@Test
	void countsTheDeadLetterTargetsLimit() {
		RecordingJobBackend small = new RecordingJobBackend("small",
				BackendCapabilities.none().withMaxMessageBytes(10_000).withHoldsDeadLetters());
		JobDispatcher jobs = new DispatchFixture(List.of(this.main, small), Map.of("bulk-mail",
				new QueueSettings(null, null, "dead"), "dead", new QueueSettings("small", null, null)))
			.dispatcher();
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> jobs.enqueue(Reports::generate, "x".repeat(5_000)))
			.withMessageContaining(
					"queue 'bulk-mail' takes 1808 (its dead-letter queue's backend 'small' takes 10000, of "
							+ "which 8192 are kept for retries): store the data and send its id");
	}

	@Test
	void namesTheBackendWhoseLimitIsHit() {
		RecordingJobBackend small = new RecordingJobBackend("small",
				BackendCapabilities.none().withMaxMessageBytes(10_000).withMaxDelay(Duration.ofDays(1)));
		RecordingJobBackend smaller = new RecordingJobBackend("smaller",
				BackendCapabilities.none().withMaxMessageBytes(9_000).withMaxDelay(Duration.ofDays(1)));
		JobDispatcher jobs = new DispatchFixture(List.of(small, smaller, this.main),
				Map.of("bulk-mail", new QueueSettings(null, "smaller", null)))
			.dispatcher();
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> jobs.enqueue(Reports::generate, "x".repeat(5_000)))
			.withMessageContaining("(its delay backend 'smaller' takes 9000, ");
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> jobs.with(JobOptions.queue("other")).enqueue(Reports::generate, "x".repeat(5_000)))
			.withMessageContaining("(its backend 'small' takes 10000, ");
	}

	@Test
	void namesTheEndpointWhereItsLimitIsTheLeast() {
		RecordingJobBackend large = new RecordingJobBackend("large",
				BackendCapabilities.none().withMaxMessageBytes(10_000_000));
		JobDispatcher jobs = new DispatchFixture(List.of(large), Map.of()).dispatcher();
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> jobs.with(JobOptions.none().header("a", "x".repeat(800_000)))
				.enqueue(Reports::generate, "x".repeat(800_000)))
			.withMessageContaining("takes 1491808 (the endpoint takes 1500000, ");
	}

	@Test
	void countsHeaders() {
		assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> this.jobs
				.with(JobOptions.none().header("a", "x".repeat(800_000)).header("b", "x".repeat(800_000)))
				.enqueue(Reports::clean))
			.withMessageContaining("bytes");
	}

	@Test
	void sendsABatchTogether() {
		List<EnqueuedJob> enqueued = this.jobs
			.enqueueAll(Stream.of("a", "b", "c").map((text) -> JobCall.of(Reports::generate, text)));
		assertThat(this.main.batches).containsExactly(3);
		assertThat(this.main.args()).containsExactly("[\"a\"]", "[\"b\"]", "[\"c\"]");
		assertThat(enqueued).extracting(EnqueuedJob::backendId).containsExactly("main-1", "main-2", "main-3");
	}

	@Test
	void sendsAnEmptyBatch() {
		assertThat(this.jobs.enqueueAll(List.of())).isEmpty();
	}

	@Test
	void splitsABatchByBackend() {
		List<EnqueuedJob> enqueued = this.jobs.enqueueAll(List.of(JobCall.of(Reports::clean),
				JobCall.of(Reports::clean).with(JobOptions.queue("slow")), JobCall.of(Reports::generate, "x")));
		assertThat(this.main.batches).containsExactly(2);
		assertThat(this.other.batches).containsExactly(1);
		assertThat(enqueued).extracting(EnqueuedJob::backendId).containsExactly("main-1", "other-1", "main-2");
	}

	@Test
	void saysWhichOfABatchWereSent() {
		// given
		this.main.before = (message) -> {
			if (message.args().contains("bad")) {
				throw new IllegalStateException("refused");
			}
		};
		List<JobCall> calls = List.of(JobCall.of(Reports::generate, "a"), JobCall.of(Reports::generate, "bad"),
				JobCall.of(Reports::generate, "b"));

		// when
		PartialEnqueueException failure = catchThrowableOfType(PartialEnqueueException.class,
				() -> this.jobs.enqueueAll(calls));

		// then
		assertThat(failure.enqueued()).extracting(EnqueuedJob::backendId).containsExactly("main-1", "main-2");
		assertThat(failure.failed()).singleElement().satisfies((failed) -> {
			assertThat(failed.call()).isSameAs(calls.get(1));
			assertThat(failed.cause()).hasMessageContaining("refused");
		});
		assertThat(failure).hasMessageStartingWith("1 of 3 jobs could not be enqueued");
	}

	@Test
	void sendsTheRestOfABatchWithACallThatIsRefused() {
		List<JobCall> calls = List.of(JobCall.of("no.such.job"), JobCall.of(Reports::clean));
		PartialEnqueueException failure = catchThrowableOfType(PartialEnqueueException.class,
				() -> this.jobs.enqueueAll(calls));
		assertThat(failure.enqueued()).hasSize(1);
		assertThat(failure.failed()).singleElement()
			.satisfies((failed) -> assertThat(failed.cause()).isInstanceOf(UnknownJobException.class));
	}

	@Test
	void namesTheFailedCallsInTheirOrder() {
		// given
		this.main.before = (message) -> {
			throw new IllegalStateException("refused");
		};
		List<JobCall> calls = List.of(JobCall.of(Reports::generate, "a"), JobCall.of("no.such.job"),
				JobCall.of(Reports::clean));

		// when
		PartialEnqueueException failure = catchThrowableOfType(PartialEnqueueException.class,
				() -> this.jobs.enqueueAll(calls));

		// then
		assertThat(failure.failed()).extracting(PartialEnqueueException.Failure::call).isEqualTo(calls);
	}

	@Test
	void refusesOneIdForSeveralCalls() {
		JobDispatcher sameId = this.jobs.with(JobOptions.none().id("6f9619ff-8b86-d011-b42d-00cf4fc964ff"));
		assertThatExceptionOfType(PartialEnqueueException.class)
			.isThrownBy(() -> sameId.enqueueAll(List.of(JobCall.of(Reports::clean), JobCall.of(Reports::clean))))
			.withMessageContaining("6f9619ff-8b86-d011-b42d-00cf4fc964ff");
		assertThat(this.main.sent).hasSize(1);
	}

	@Test
	void takesAMessageWithoutAResultForNotSent() {
		RecordingJobBackend careless = new RecordingJobBackend("careless", DELAYS) {

			@Override
			public List<dev.backgroundjobs.backend.SendResult> enqueueAll(List<JobMessage> messages) {
				return super.enqueueAll(messages.subList(0, 1));
			}

		};
		JobDispatcher jobs = new DispatchFixture(List.of(careless), Map.of()).dispatcher();
		assertThatExceptionOfType(PartialEnqueueException.class)
			.isThrownBy(() -> jobs.enqueueAll(List.of(JobCall.of(Reports::clean), JobCall.of(Reports::clean))))
			.withMessageContaining("Backend 'careless' gave 1 results for 2 messages");
	}

	@Test
	void closesTheStreamOfCalls() {
		List<String> closed = new ArrayList<>();
		this.jobs.enqueueAll(Stream.of(JobCall.of(Reports::clean)).onClose(() -> closed.add("closed")));
		assertThat(closed).containsExactly("closed");
	}

	@Test
	void findsAQueuesSettingsWithoutDashes() {
		DispatchFixture fixture = new DispatchFixture(List.of(this.main, this.other),
				Map.of("bulkmail", new QueueSettings("other", null, null)));
		fixture.dispatcher().enqueue(Reports::generate, "a");
		assertThat(this.other.sent).hasSize(1);
	}

	@Test
	void refusesTwoQueuesThatDifferOnlyInDashes() {
		QueueSettings settings = new QueueSettings(null, null, null);
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(
				() -> new QueueRouter(List.of(this.main), "main", Map.of("bulk-mail", settings, "bulkmail", settings)))
			.withMessageContaining("differ only in dashes");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Main", "MAIN", "m-ain", " main " })
	void matchesBackendsRelaxedly(String name) {
		assertThat(new QueueRouter(List.of(this.main), name, Map.of()).defaultBackend()).isSameAs(this.main);
	}

	@Test
	void refusesTwoBackendsOfOneName() {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> new QueueRouter(
					List.of(this.main, new RecordingJobBackend("Main", BackendCapabilities.none())), "main", Map.of()))
			.withMessageContaining("Two backends have the name");
	}

	@Test
	void refusesAnIterationOnAQueueThatKeepsOrder() {
		RecordingJobBackend ordered = new RecordingJobBackend("ordered", DELAYS.withOrderedQueues());
		JobDispatcher jobs = new DispatchFixture(List.of(ordered), Map.of()).dispatcher();
		jobs.enqueue(Reports::clean);
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> jobs.enqueue(Reports::recount))
			.withMessageStartingWith("Job 'reports.recount' is an iteration, and queue 'default' keeps the order");
		assertThat(ordered.sent).hasSize(1);
	}

	@Test
	void saysThatABackendCannotCancel() {
		EnqueuedJob job = this.jobs.enqueue(Reports::clean);
		assertThatExceptionOfType(JobOperationNotSupportedException.class)
			.isThrownBy(() -> new DefaultJobOperations(this.fixture.router).cancel(job))
			.withMessageContaining("Backend 'main' of queue 'default' cannot cancel a job");
	}

	private void assertDecodes(JobMessage message) {
		assertThat(this.fixture.codec.decode(this.fixture.codec.encode(message).bytes(), true).message().id())
			.isEqualTo(message.id());
	}

}
