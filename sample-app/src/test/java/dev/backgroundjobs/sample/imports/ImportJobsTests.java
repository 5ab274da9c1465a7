package dev.backgroundjobs.sample.imports;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.test.AutoConfigureJobsTester;
import dev.backgroundjobs.test.JobRun;
import dev.backgroundjobs.test.JobsTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.BDDMockito.willCallRealMethod;
import static org.mockito.BDDMockito.willThrow;

/**
 * Tests for {@link ImportJobs}: what interruptions and failures do to an import.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureJobsTester
class ImportJobsTests {

	private static final String HEADER = "id,name,state\n";

	@TempDir
	static Path storage;

	@Autowired
	Imports imports;

	@Autowired
	ImportStore store;

	@MockitoSpyBean
	ImportedRows rows;

	@Autowired
	JdbcClient database;

	@Autowired
	JobsTester jobs;

	@DynamicPropertySource
	static void storage(DynamicPropertyRegistry registry) {
		registry.add("paperwork.storage", () -> storage);
	}

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

	// As a process that ends does, where nothing but the process keeps the message.
	private void loseTheJob(Import waiting) {
		this.jobs.clear();
		this.database.sql("UPDATE csv_import SET durable = FALSE WHERE id = ?").param(waiting.id()).update();
		this.store.interruptAbandoned();
	}

	private Import submit(String csv) throws Exception {
		return this.imports.submit("rows.csv", new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)));
	}

	private Import now(Import earlier) {
		return this.imports.find(earlier.id()).orElseThrow();
	}

	private List<Long> ids(Import of) {
		return this.rows.findAfter(of.id(), null, 1_000).stream().map(ImportedRow::id).toList();
	}

	private long repeated(Import of) {
		return this.database.sql("SELECT repeated_rows FROM csv_import WHERE id = ?")
			.param(of.id())
			.query(Long.class)
			.single();
	}

	private static String rows(int from, int to) {
		return HEADER + lines(from, to);
	}

	private static String lines(int from, int to) {
		return IntStream.rangeClosed(from, to)
			.mapToObj((id) -> id + ",Name " + id + ",open\n")
			.collect(Collectors.joining());
	}

}
