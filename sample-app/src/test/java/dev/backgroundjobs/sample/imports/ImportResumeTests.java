package dev.backgroundjobs.sample.imports;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;

import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.test.JobRun;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.BDDMockito.willCallRealMethod;
import static org.mockito.BDDMockito.willThrow;

/**
 * Tests for imports that have lost their job or failed, and are resumed.
 */
class ImportResumeTests extends ImportTestBase {

	@Test
	void leavesAloneWhatABackendKeepsWhenItStarts() throws Exception {
		Import waiting = submit(rows(1, 5));
		this.store.outlivesTheProcess(waiting.jobId());
		this.store.interruptAbandoned();
		assertThat(now(waiting).state()).isEqualTo(ImportState.QUEUED);
		this.jobs.drain();
		assertThat(now(waiting).state()).isEqualTo(ImportState.DONE);
	}

	@Test
	void goesOnByItselfThoughItIsTakenForInterrupted() throws Exception {
		Import waiting = submit(rows(1, 5));
		this.database.sql("UPDATE csv_import SET durable = FALSE WHERE id = ?").param(waiting.id()).update();
		this.store.interruptAbandoned();
		assertThat(now(waiting).state()).isEqualTo(ImportState.INTERRUPTED);
		this.jobs.drain();
		assertThat(now(waiting).state()).isEqualTo(ImportState.DONE);
		assertThat(ids(waiting)).hasSize(5);
	}

	@Test
	void isInterruptedWhenTheProcessDiedBeforeItsJobWasSent() {
		UUID id = UUID.randomUUID();
		this.store.create(id, "rows.csv", 5, UUID.randomUUID());
		this.store.interruptAbandoned();
		assertThat(this.store.find(id)).hasValueSatisfying((found) -> {
			assertThat(found.state()).isEqualTo(ImportState.INTERRUPTED);
			assertThat(found.interruptions()).isZero();
		});
	}

	@Test
	void leavesAloneWhatIsDoneWhenItStarts() throws Exception {
		Import waiting = submit(rows(1, 5));
		this.jobs.drain();
		loseTheJob(waiting);
		assertThat(now(waiting).state()).isEqualTo(ImportState.DONE);
	}

	@Test
	void failsWhenTheDatabaseStaysAwayAndGoesOnWhenItIsResumed() throws Exception {
		Import waiting = submit(rows(1, 5));
		willThrow(new DataAccessResourceFailureException("away")).given(this.rows)
			.insert(any(), argThat((row) -> row != null && row.id() == 3));
		this.jobs.drain();
		Import failed = now(waiting);
		assertThat(failed.state()).isEqualTo(ImportState.FAILED);
		assertThat(failed.error()).contains("the database did not take rows");
		assertThat(failed.processed()).isEqualTo(2);
		willCallRealMethod().given(this.rows).insert(any(), any());
		this.jobs.clear();
		assertThat(this.imports.resume(waiting.id())).isTrue();
		this.jobs.drain();
		Import done = now(waiting);
		assertThat(done.state()).isEqualTo(ImportState.DONE);
		assertThat(done.error()).isNull();
		assertThat(done.processed()).isEqualTo(5);
		assertThat(done.slices()).isEqualTo(failed.slices() + 1);
		assertThat(ids(waiting)).containsExactly(1L, 2L, 3L, 4L, 5L);
		assertThat(repeated(waiting)).isZero();
	}

	@Test
	void countsOnFromWhatIsKeptWhenItIsResumed() throws Exception {
		Import waiting = submit(HEADER + "x,a,b\n" + lines(1, 9));
		this.jobs.nextRun(ImportJobs::run).isInterruptedAfter(2);
		this.jobs.nextRun(ImportJobs::run).isInterruptedAfter(2);
		this.jobs.runDue();
		this.jobs.advance(Duration.ofSeconds(3));
		this.jobs.runDue();
		loseTheJob(waiting);
		Import interrupted = now(waiting);
		assertThat(interrupted.state()).isEqualTo(ImportState.INTERRUPTED);
		assertThat(interrupted.interruptions()).isEqualTo(2);
		this.imports.resume(waiting.id());
		this.jobs.nextRun(ImportJobs::run).isInterruptedAfter(2);
		this.jobs.drain();
		Import done = now(waiting);
		assertThat(done.processed()).isEqualTo(10);
		assertThat(done.failedRows()).isEqualTo(1);
		assertThat(done.slices()).isEqualTo(4);
		assertThat(done.interruptions()).isEqualTo(3);
		assertThat(done.total()).isEqualTo(10);
		assertThat(repeated(waiting)).isZero();
	}

	@Test
	void twoClicksAtOnceEnqueueOnce() throws Exception {
		Import waiting = submit(rows(1, 5));
		loseTheJob(waiting);
		CyclicBarrier together = new CyclicBarrier(4);
		long resumed = IntStream.range(0, 4).mapToObj((i) -> CompletableFuture.supplyAsync(() -> {
			try {
				together.await();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			return this.imports.resume(waiting.id());
		}, (task) -> new Thread(task).start())).toList().stream().filter((click) -> click.join()).count();
		assertThat(resumed).isEqualTo(1);
		assertThat(this.jobs.drain()).extracting(JobRun::settlement).containsExactly(Settlement.DONE);
		assertThat(ids(waiting)).hasSize(5);
	}

	@Test
	void jobThatHasBeenReplacedDoesNothing() throws Exception {
		Import waiting = submit(rows(1, 5));
		this.database.sql("UPDATE csv_import SET state = 'interrupted' WHERE id = ?").param(waiting.id()).update();
		this.imports.resume(waiting.id());
		this.jobs.drain();
		assertThat(now(waiting).slices()).isEqualTo(1);
		assertThat(repeated(waiting)).isZero();
	}

}
