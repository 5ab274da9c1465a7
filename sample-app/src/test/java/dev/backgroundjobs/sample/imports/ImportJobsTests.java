package dev.backgroundjobs.sample.imports;

import java.util.List;
import java.util.stream.LongStream;

import dev.backgroundjobs.test.JobRun;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.BDDMockito.willThrow;

/**
 * Tests for {@link ImportJobs}: what interruptions and failures do to an import.
 */
class ImportJobsTests extends ImportTestBase {

	@Test
	void insertsEachRowOnceThoughItIsInterruptedAfterEveryRow() throws Exception {
		Import waiting = submit(rows(1, 20));
		this.jobs.nextRun(ImportJobs::run).isInterruptedAfterEveryItem();
		List<JobRun> runs = this.jobs.drain();
		assertThat(runs).hasSize(21);
		assertThat(ids(waiting)).isEqualTo(LongStream.rangeClosed(1, 20).boxed().toList());
		assertThat(repeated(waiting)).isZero();
		Import done = now(waiting);
		assertThat(done.state()).isEqualTo(ImportState.DONE);
		assertThat(done.processed()).isEqualTo(20);
		assertThat(done.slices()).isEqualTo(21);
		assertThat(done.interruptions()).isEqualTo(20);
	}

	@Test
	void waitsForItsNextSliceWhenItIsInterrupted() throws Exception {
		Import waiting = submit(rows(1, 20));
		this.jobs.nextRun(ImportJobs::run).isInterruptedAfter(7);
		this.jobs.runDue();
		assertThat(now(waiting).state()).isEqualTo(ImportState.QUEUED);
		assertThat(now(waiting).processed()).isEqualTo(7);
		assertThat(now(waiting).cursor()).isEqualTo((HEADER + lines(1, 7)).length());
		assertThat(this.imports.resume(waiting.id())).as("goes on by itself").isFalse();
		this.jobs.drain();
		assertThat(now(waiting).state()).isEqualTo(ImportState.DONE);
	}

	@Test
	void repeatsOneSliceAtMostWhenItsAcknowledgementIsLost() throws Exception {
		Import waiting = submit(rows(1, 20));
		this.jobs.nextRun(ImportJobs::run).isInterruptedAfter(5);
		this.jobs.nextRun(ImportJobs::run).losesItsAcknowledgement();
		this.jobs.drain();
		assertThat(ids(waiting)).hasSize(20);
		assertThat(repeated(waiting)).isLessThanOrEqualTo(15);
		assertThat(now(waiting).processed()).isEqualTo(20);
		assertThat(now(waiting).state()).isEqualTo(ImportState.DONE);
	}

	@Test
	void doesNothingWhenItIsDeliveredAgainAfterItsEnd() throws Exception {
		Import waiting = submit(rows(1, 20));
		this.jobs.nextRun(ImportJobs::run).isDeliveredTwice();
		this.jobs.drain();
		assertThat(ids(waiting)).hasSize(20);
		assertThat(repeated(waiting)).isZero();
		assertThat(now(waiting).state()).isEqualTo(ImportState.DONE);
	}

	@Test
	void countsMalformedRowsOverSlices() throws Exception {
		Import waiting = submit(HEADER + "x,a,b\n1,a,b\ny,a,b\n2,a\n2,a,b\n");
		this.jobs.nextRun(ImportJobs::run).isInterruptedAfterEveryItem();
		this.jobs.drain();
		assertThat(ids(waiting)).containsExactly(1L, 2L);
		assertThat(now(waiting).failedRows()).isEqualTo(3);
		assertThat(now(waiting).processed()).isEqualTo(5);
	}

	@Test
	void doesNotSkipARowThatTheDatabaseDoesNotTake() throws Exception {
		Import waiting = submit(rows(1, 5));
		willThrow(new DataAccessResourceFailureException("away"))
			.willThrow(new DataAccessResourceFailureException("still away"))
			.willCallRealMethod()
			.given(this.rows)
			.insert(any(), argThat((row) -> row != null && row.id() == 3));
		List<JobRun> runs = this.jobs.drain();
		assertThat(runs).hasSize(3);
		assertThat(ids(waiting)).containsExactly(1L, 2L, 3L, 4L, 5L);
		assertThat(now(waiting).failedRows()).isZero();
		assertThat(repeated(waiting)).isZero();
	}

}
