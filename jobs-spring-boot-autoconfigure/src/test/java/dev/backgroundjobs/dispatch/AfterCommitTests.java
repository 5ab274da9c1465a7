package dev.backgroundjobs.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.backgroundjobs.EnqueueAfterCommitException;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.PartialEnqueueException;
import dev.backgroundjobs.RecordingJobBackend;
import dev.backgroundjobs.SchedulingNotSupportedException;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.dispatch.DispatchFixture.Reports;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * When the jobs of a transaction are sent.
 */
class AfterCommitTests {

	private final RecordingJobBackend backend = new RecordingJobBackend("main", BackendCapabilities.none());

	private final RecordingJobBackend transactional = new RecordingJobBackend("store",
			new BackendCapabilities(Duration.ZERO, 1_500_000, true, false, false, false, true, false, false, false));

	private final DispatchFixture fixture = new DispatchFixture(List.of(this.backend, this.transactional),
			Map.of("stored", new QueueSettings("store", null, null)));

	private final List<Object> events = new ArrayList<>();

	private final JobDispatcher jobs = this.fixture
		.dispatcher(this.fixture.outbox(this.events::add, Duration.ofMillis(200)));

	private final DriverManagerDataSource dataSource = new DriverManagerDataSource(
			"jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

	private final TransactionTemplate transaction = new TransactionTemplate(
			new DataSourceTransactionManager(this.dataSource));

	@Test
	void sendsAtOnceWithoutATransaction() {
		assertThat(this.jobs.enqueue(Reports::clean).backendId()).isEqualTo("main-1");
	}

	@Test
	void sendsAfterTheCommit() {
		// when
		EnqueuedJob job = this.transaction.execute((status) -> {
			EnqueuedJob enqueued = this.jobs.enqueue(Reports::clean);
			assertThat(this.backend.sent).isEmpty();
			return enqueued;
		});

		// then
		assertThat(this.backend.onlyMessage().id()).isEqualTo(job.id());
		assertThat(job.backendId()).isNull();
	}

	@Test
	void sendsWhenTheDataIsVisibleToOthers() {
		// given
		JdbcTemplate jdbc = new JdbcTemplate(this.dataSource);
		jdbc.execute("create table documents (id int)");
		List<Integer> seen = new ArrayList<>();
		DriverManagerDataSource other = new DriverManagerDataSource(
				java.util.Objects.requireNonNull(this.dataSource.getUrl()));
		this.backend.before = (message) -> {
			try (var connection = other.getConnection();
					var statement = connection.createStatement();
					var rows = statement.executeQuery("select count(*) from documents")) {
				rows.next();
				seen.add(rows.getInt(1));
			}
			catch (java.sql.SQLException ex) {
				throw new IllegalStateException(ex);
			}
		};

		// when
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::clean);
			jdbc.update("insert into documents values (1)");
		});

		// then
		assertThat(seen).containsExactly(1);
	}

	@Test
	void sendsNothingAfterARollback() {
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::clean);
			status.setRollbackOnly();
		});
		assertThat(this.backend.sent).isEmpty();
	}

	@Test
	void saysWhatARollbackDrops() {
		try (CapturedLog log = new CapturedLog()) {
			// when
			List<EnqueuedJob> jobs = this.transaction.execute((status) -> {
				status.setRollbackOnly();
				return List.of(this.jobs.enqueue(Reports::clean), this.jobs.enqueue(Reports::generate, "secret"));
			});

			// then
			assertThat(log.lines())
				.containsExactly("DEBUG Not sent, since the transaction was rolled back: 2 [JobMessage["
						+ jobs.get(0).id() + ":0, job=reports.clean, queue=default, attempt=1], JobMessage["
						+ jobs.get(1).id() + ":0, job=reports.generate, queue=bulk-mail, attempt=1]]");
		}
	}

	@Test
	void saysWhatTheRollbackToASavepointDrops() {
		try (CapturedLog log = new CapturedLog()) {
			this.transaction.executeWithoutResult((status) -> {
				this.jobs.enqueue(Reports::clean);
				Object savepoint = status.createSavepoint();
				EnqueuedJob dropped = this.jobs.enqueue(Reports::clean);
				status.rollbackToSavepoint(savepoint);
				assertThat(log.lines()).singleElement()
					.asString()
					.startsWith("DEBUG Not sent, since the transaction was rolled back: 1 [JobMessage[" + dropped.id());
			});
			assertThat(log.lines()).hasSize(1);
		}
	}

	@Test
	void sendsNothingAfterAnException() {
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::clean);
			throw new IllegalStateException("no");
		}));
		assertThat(this.backend.sent).isEmpty();
	}

	@Test
	void sendsAfterTheRollbackOfAnEarlierTransaction() {
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::generate, "lost");
			status.setRollbackOnly();
		});
		this.transaction.executeWithoutResult((status) -> this.jobs.enqueue(Reports::generate, "kept"));
		assertThat(this.backend.args()).containsExactly("[\"kept\"]");
	}

	@Test
	void keepsTheOrderOfATransactionsJobs() {
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::generate, "1");
			this.jobs.enqueueAll(List.of(JobCall.of(Reports::generate, "2"), JobCall.of(Reports::generate, "3")));
			this.jobs.with(JobOptions.none().priority(1)).enqueue(Reports::generate, "4");
		});
		assertThat(this.backend.args()).containsExactly("[\"1\"]", "[\"2\"]", "[\"3\"]", "[\"4\"]");
		assertThat(this.backend.batches).containsExactly(4);
	}

	@Test
	void dropsWhatCameAfterASavepoint() {
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::generate, "before");
			Object savepoint = status.createSavepoint();
			this.jobs.enqueue(Reports::generate, "after");
			status.rollbackToSavepoint(savepoint);
			this.jobs.enqueue(Reports::generate, "again");
		});
		assertThat(this.backend.args()).containsExactly("[\"before\"]", "[\"again\"]");
	}

	@Test
	void dropsEverythingAfterASavepointOlderThanTheFirstJob() {
		this.transaction.executeWithoutResult((status) -> {
			Object savepoint = status.createSavepoint();
			this.jobs.enqueue(Reports::generate, "after");
			status.rollbackToSavepoint(savepoint);
			this.jobs.enqueue(Reports::generate, "again");
		});
		assertThat(this.backend.args()).containsExactly("[\"again\"]");
	}

	@Test
	void dropsTheJobsOfANestedTransactionThatRollsBack() {
		TransactionTemplate nested = template(TransactionDefinition.PROPAGATION_NESTED);
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::generate, "outer");
			nested.executeWithoutResult((inner) -> {
				this.jobs.enqueue(Reports::generate, "inner");
				inner.setRollbackOnly();
			});
			nested.executeWithoutResult((inner) -> this.jobs.enqueue(Reports::generate, "second"));
		});
		assertThat(this.backend.args()).containsExactly("[\"outer\"]", "[\"second\"]");
	}

	@Test
	void rollsBackToTheOuterOfTwoSavepoints() {
		this.transaction.executeWithoutResult((status) -> {
			Object outer = status.createSavepoint();
			this.jobs.enqueue(Reports::generate, "1");
			Object inner = status.createSavepoint();
			this.jobs.enqueue(Reports::generate, "2");
			status.releaseSavepoint(inner);
			status.rollbackToSavepoint(outer);
		});
		assertThat(this.backend.sent).isEmpty();
	}

	@Test
	void sendsTheJobsOfANewTransactionWithoutWaitingForTheOuter() {
		TransactionTemplate requiresNew = template(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::generate, "outer");
			requiresNew.executeWithoutResult((inner) -> this.jobs.enqueue(Reports::generate, "inner"));
			assertThat(this.backend.args()).containsExactly("[\"inner\"]");
			status.setRollbackOnly();
		});
		assertThat(this.backend.args()).containsExactly("[\"inner\"]");
	}

	@Test
	void keepsTheJobsOfTheOuterTransactionWhenANewOneRollsBack() {
		TransactionTemplate requiresNew = template(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::generate, "outer");
			requiresNew.executeWithoutResult((inner) -> {
				this.jobs.enqueue(Reports::generate, "inner");
				inner.setRollbackOnly();
			});
		});
		assertThat(this.backend.args()).containsExactly("[\"outer\"]");
	}

	@Test
	void sendsAtOnceWhereATransactionIsSuspended() {
		TransactionTemplate without = template(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
		this.transaction.executeWithoutResult((status) -> without.executeWithoutResult((inner) -> {
			this.jobs.enqueue(Reports::clean);
			assertThat(this.backend.sent).hasSize(1);
		}));
	}

	@Test
	void sendsAtOnceWhereATransactionIsOnlySupported() {
		template(TransactionDefinition.PROPAGATION_SUPPORTS).executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::clean);
			assertThat(this.backend.sent).hasSize(1);
		});
	}

	@Test
	void sendsAfterAReadOnlyTransaction() {
		this.transaction.setReadOnly(true);
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::clean);
			assertThat(this.backend.sent).isEmpty();
		});
		assertThat(this.backend.sent).hasSize(1);
	}

	@Test
	void sendsWhatIsEnqueuedBeforeTheCommit() {
		this.transaction.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void beforeCommit(boolean readOnly) {
						AfterCommitTests.this.jobs.enqueue(Reports::clean);
					}

				}));
		assertThat(this.backend.sent).hasSize(1);
	}

	@Test
	void sendsWhatIsEnqueuedWhileOthersAreToldOfTheCommit() {
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::generate, "1");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					AfterCommitTests.this.jobs.enqueue(Reports::generate, "2");
				}

			});
		});
		assertThat(this.backend.args()).containsExactly("[\"1\"]", "[\"2\"]");
	}

	@Test
	void sendsWhatIsFirstEnqueuedAfterTheCommit() {
		this.transaction.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						AfterCommitTests.this.jobs.enqueue(Reports::generate, "2");
					}

				}));
		assertThat(this.backend.args()).containsExactly("[\"2\"]");
	}

	@Test
	void sendsWhatIsEnqueuedAfterTheCompletion() {
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::generate, "1");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCompletion(int completion) {
					AfterCommitTests.this.jobs.enqueue(Reports::generate, "2");
				}

			});
		});
		assertThat(this.backend.args()).containsExactly("[\"1\"]", "[\"2\"]");
	}

	@Test
	void sendsWhatIsEnqueuedAfterTheCompletionOfARollback() {
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.enqueue(Reports::generate, "1");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCompletion(int completion) {
					AfterCommitTests.this.jobs.enqueue(Reports::generate, "compensation");
				}

			});
			status.setRollbackOnly();
		});
		assertThat(this.backend.args()).containsExactly("[\"compensation\"]");
	}

	@Test
	void sendsWhatATransactionalListenerEnqueues() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(JobDispatcher.class, () -> this.jobs);
			context.registerBean("transactionManager", PlatformTransactionManager.class,
					() -> new DataSourceTransactionManager(this.dataSource));
			context.register(ListenerConfiguration.class);
			context.refresh();

			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((status) -> context.publishEvent(new Saved("a")));
		}
		assertThat(this.backend.args()).containsExactlyInAnyOrder("[\"after a\"]", "[\"before a\"]");
	}

	@Test
	void triesAgainUntilTheBackendRecovers() {
		// given
		int[] calls = new int[1];
		this.backend.before = (message) -> {
			if (++calls[0] < 3) {
				throw new IllegalStateException("down");
			}
		};

		// when
		this.transaction.executeWithoutResult((status) -> this.jobs.enqueue(Reports::clean));

		// then
		assertThat(this.backend.sent).hasSize(1);
		assertThat(this.events).isEmpty();
	}

	@Test
	void triesOnlyWhatWasNotSent() {
		int[] failures = new int[1];
		this.backend.before = (message) -> {
			if (message.args().contains("2") && failures[0]++ == 0) {
				throw new IllegalStateException("down");
			}
		};
		this.transaction.executeWithoutResult((status) -> {
			for (String text : List.of("1", "2", "3")) {
				this.jobs.enqueue(Reports::generate, text);
			}
		});
		assertThat(this.backend.args()).containsExactly("[\"1\"]", "[\"3\"]", "[\"2\"]");
	}

	@Test
	void saysWhichJobsWereNotSent() {
		// given
		this.backend.before = (message) -> {
			if (message.args().contains("bad")) {
				throw new IllegalStateException("down");
			}
		};
		List<EnqueuedJob> enqueued = new ArrayList<>();

		// when
		assertThatExceptionOfType(EnqueueAfterCommitException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				enqueued.add(this.jobs.enqueue(Reports::generate, "bad 1"));
				enqueued.add(this.jobs.enqueue(Reports::generate, "good"));
				enqueued.add(this.jobs.enqueue(Reports::generate, "bad 2"));
			}))
			.withMessageContaining("The data is committed, the job is not sent")
			.withMessageContaining(enqueued.get(0).id())
			.withMessageNotContaining("[\"bad 1\"]")
			.withCauseInstanceOf(IllegalStateException.class)
			.satisfies((ex) -> assertThat(ex.jobs()).containsExactly(enqueued.get(0), enqueued.get(2)));

		// then
		assertThat(this.backend.args()).containsExactly("[\"good\"]");
		assertThat(this.events).hasSize(2)
			.first()
			.isInstanceOfSatisfying(EnqueueFailedEvent.class,
					(event) -> assertThat(event.message().id()).isEqualTo(enqueued.get(0).id()));
	}

	@Test
	void publishesEveryFailureThoughAListenerThrows() {
		List<Object> published = new ArrayList<>();
		JobDispatcher dispatcher = this.fixture.dispatcher(this.fixture.outbox((event) -> {
			published.add(event);
			throw new UnsupportedOperationException("listener");
		}, Duration.ofMillis(1)));
		this.backend.before = (message) -> {
			throw new IllegalStateException("down");
		};
		assertThatExceptionOfType(EnqueueAfterCommitException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				dispatcher.enqueue(Reports::generate, "1");
				dispatcher.enqueue(Reports::generate, "2");
			}));
		assertThat(published).hasSize(2);
	}

	@Test
	void stopsTryingWhenInterrupted() {
		JobDispatcher patient = this.fixture.dispatcher(this.fixture.outbox(this.events::add, Duration.ofHours(1)));
		this.backend.before = (message) -> {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("down");
		};
		assertThatExceptionOfType(EnqueueAfterCommitException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> patient.enqueue(Reports::clean)));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.events).hasSize(1);
	}

	@Test
	void checksArgumentsAtTheCall() {
		this.transaction.executeWithoutResult((status) -> {
			assertThatExceptionOfType(JobException.class).isThrownBy(() -> this.jobs.enqueue("reports.generate", 7));
			assertThatExceptionOfType(JobException.class).isThrownBy(() -> this.jobs.enqueue("no.such.job"));
			assertThatExceptionOfType(JobException.class)
				.isThrownBy(() -> this.jobs.enqueue(Reports::generate, "x".repeat(1_500_000)));
			assertThatExceptionOfType(SchedulingNotSupportedException.class)
				.isThrownBy(() -> this.jobs.enqueueIn(Duration.ofMinutes(1), Reports::clean));
		});
		assertThat(this.backend.sent).isEmpty();
	}

	@Test
	void writesArgumentsAtTheCall() {
		List<String> argument = new ArrayList<>(List.of("then"));
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.with(JobOptions.queue("billing")).enqueue("invoices.send", argument);
			argument.set(0, "now");
		});
		assertThat(this.backend.args()).containsExactly("[[\"then\"]]");
	}

	@Test
	void keepsTheAcceptedCallsOfABatchForTheCommit() {
		this.transaction.executeWithoutResult((status) -> assertThatExceptionOfType(PartialEnqueueException.class)
			.isThrownBy(() -> this.jobs.enqueueAll(List.of(JobCall.of(Reports::clean), JobCall.of("no.such.job")))));
		assertThat(this.backend.sent).hasSize(1);
	}

	@Test
	void sendsToATransactionalBackendInTheTransaction() {
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.with(JobOptions.queue("stored")).enqueue(Reports::clean);
			assertThat(this.transactional.sent).hasSize(1);
		});
	}

	@Test
	void keepsTheRestOfABatchWithATransactionalBackendForTheCommit() {
		this.transaction.executeWithoutResult((status) -> {
			List<EnqueuedJob> enqueued = this.jobs.enqueueAll(
					List.of(JobCall.of(Reports::clean), JobCall.of(Reports::clean).with(JobOptions.queue("stored"))));
			assertThat(enqueued).extracting(EnqueuedJob::queue).containsExactly("default", "stored");
			assertThat(this.transactional.sent).hasSize(1);
			assertThat(this.backend.sent).isEmpty();
			status.setRollbackOnly();
		});
		assertThat(this.backend.sent).isEmpty();
	}

	@Test
	void sendsAtOnceWithoutAnOutbox() {
		JobDispatcher dispatcher = this.fixture.dispatcher();
		this.transaction.executeWithoutResult((status) -> {
			dispatcher.enqueue(Reports::clean);
			assertThat(this.backend.sent).hasSize(1);
			status.setRollbackOnly();
		});
	}

	@Test
	void sharesOneOutboxAmongDispatchersWithOptions() {
		JobMessage[] first = new JobMessage[1];
		this.backend.before = (message) -> first[0] = (first[0] != null) ? first[0] : message;
		this.transaction.executeWithoutResult((status) -> {
			this.jobs.with(JobOptions.none().priority(9)).enqueue(Reports::generate, "1");
			this.jobs.enqueue(Reports::generate, "2");
		});
		assertThat(first[0].priority()).isEqualTo(9);
		assertThat(this.backend.batches).containsExactly(2);
	}

	private TransactionTemplate template(int propagation) {
		TransactionTemplate template = new TransactionTemplate(
				java.util.Objects.requireNonNull(this.transaction.getTransactionManager()));
		template.setPropagationBehavior(propagation);
		return template;
	}

	record Saved(String name) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class ListenerConfiguration {

		@Bean
		Listener listener(JobDispatcher jobs) {
			return new Listener(jobs);
		}

	}

	static class Listener {

		private final JobDispatcher jobs;

		Listener(JobDispatcher jobs) {
			this.jobs = jobs;
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
		void afterCommit(Saved saved) {
			this.jobs.enqueue(Reports::generate, "after " + saved.name());
		}

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
		void beforeCommit(Saved saved) {
			this.jobs.enqueue(Reports::generate, "before " + saved.name());
		}

	}

}
