package dev.backgroundjobs.sample.imports;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import dev.backgroundjobs.JobProgress;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Keeps what is known about imports. Every change is one statement that says what must be
 * true for it, so that it does not matter who else changes the same import at once.
 */
@Repository
class ImportStore {

	private final JdbcClient database;

	private final H2Checkpoint checkpoint;

	private final ApplicationEventPublisher events;

	ImportStore(JdbcClient database, H2Checkpoint checkpoint, ApplicationEventPublisher events) {
		this.database = database;
		this.checkpoint = checkpoint;
		this.events = events;
	}

	void create(UUID id, String name, long total, UUID jobId) {
		this.database.sql("""
				INSERT INTO csv_import (id, name, created_at, state, total, job_id)
				VALUES (:id, :name, :now, 'queued', :total, :job)""")
			.param("id", id)
			.param("name", name)
			.param("now", OffsetDateTime.now(ZoneOffset.UTC))
			.param("total", total)
			.param("job", jobId)
			.update();
		this.checkpoint.run();
		publish(jobId);
	}

	/**
	 * Note that a job's message outlives this process. Said once it has been sent: what a
	 * crash leaves before that is interrupted, not waiting for ever.
	 */
	void outlivesTheProcess(UUID jobId) {
		this.database.sql("UPDATE csv_import SET durable = TRUE WHERE job_id = ?").param(jobId).update();
	}

	void delete(UUID id) {
		this.database.sql("DELETE FROM csv_import WHERE id = ?").param(id).update();
	}

	Optional<Import> find(UUID id) {
		return this.database.sql("SELECT * FROM csv_import WHERE id = ?").param(id).query(ImportStore::map).optional();
	}

	List<Import> findAll() {
		return this.database.sql("SELECT * FROM csv_import ORDER BY created_at DESC, id")
			.query(ImportStore::map)
			.list();
	}

	/**
	 * Note that a job runs or waits for its next slice. Without a cursor nothing is known
	 * of the rows that it has done: those of former slices stay as they are.
	 */
	void progress(UUID jobId, ImportState state, JobProgress progress, @Nullable Long cursor) {
		int changed = this.database.sql("""
				UPDATE csv_import SET state = :state, error = NULL, rate = :rate,
					slices = slices_before + :slices, interruptions = interruptions_before + :interruptions
				WHERE job_id = :job AND state <> 'done'""")
			.param("state", state.jsonValue())
			.param("rate", progress.rate())
			.param("slices", progress.slices())
			.param("interruptions", progress.interruptions())
			.param("job", jobId)
			.update();
		if (changed > 0 && cursor != null) {
			rows(jobId, progress, cursor);
		}
		if (changed > 0) {
			publish(jobId);
		}
	}

	private void rows(UUID jobId, JobProgress progress, @Nullable Long cursor) {
		this.database.sql("""
				UPDATE csv_import SET processed = processed_before + :processed,
					failed_rows = failed_rows_before + :failed, csv_cursor = COALESCE(:cursor, csv_cursor)
				WHERE job_id = :job AND state <> 'done'""")
			.param("processed", progress.processed())
			.param("failed", progress.failed())
			.param("cursor", cursor)
			.param("job", jobId)
			.update();
	}

	/**
	 * Note that a job has come to the end of its file.
	 */
	void complete(UUID jobId, JobProgress progress) {
		rows(jobId, progress, null);
		if (change(jobId, ImportState.DONE, null) > 0) {
			publish(jobId);
		}
		this.checkpoint.run();
	}

	/**
	 * Note that a job will not be tried again.
	 */
	void fail(UUID jobId, String error) {
		if (change(jobId, ImportState.FAILED, error) > 0) {
			publish(jobId);
		}
		this.checkpoint.run();
	}

	private int change(UUID jobId, ImportState state, @Nullable String error) {
		return this.database
			.sql("UPDATE csv_import SET state = :state, error = :error WHERE job_id = :job AND state <> 'done'")
			.param("state", state.jsonValue())
			.param("error", error)
			.param("job", jobId)
			.update();
	}

	/**
	 * Give an import that nobody works on to another job, which goes on counting from
	 * here. Of several callers at once one succeeds.
	 * @return whether this one did
	 */
	boolean resume(UUID id, UUID jobId) {
		int changed = this.database.sql("""
				UPDATE csv_import SET state = 'queued', error = NULL, rate = 0, job_id = :job, durable = FALSE,
					processed_before = processed, slices_before = slices,
					interruptions_before = interruptions, failed_rows_before = failed_rows
				WHERE id = :id AND state IN ('interrupted', 'failed')""").param("job", jobId).param("id", id).update();
		if (changed > 0) {
			this.checkpoint.run();
			publish(jobId);
		}
		return changed > 0;
	}

	/**
	 * Take a resumption back whose job could not be sent.
	 */
	void resumeFailed(UUID jobId, Import before) {
		if (change(jobId, before.state(), before.error()) > 0) {
			publish(jobId);
		}
	}

	/**
	 * Mark what has lost its job with the process that kept it. Whether a message has
	 * survived is a matter of the backend it was sent to, so that is kept with the import
	 * whenever a job is sent: one whose backend keeps messages goes on by itself, one of
	 * another backend never does, whatever {@code jobs.backend} is by now. Successors
	 * need no note: none goes to a less durable backend. For a database of one process
	 * only.
	 */
	void interruptAbandoned() {
		this.database.sql("""
				UPDATE csv_import SET state = 'interrupted', rate = 0,
					interruptions = interruptions + CASE WHEN slices > slices_before THEN 1 ELSE 0 END
				WHERE state IN ('queued', 'running') AND NOT durable""").update();
	}

	void countRepeatedRow(UUID id) {
		this.database.sql("UPDATE csv_import SET repeated_rows = repeated_rows + 1 WHERE id = ?").param(id).update();
	}

	private void publish(UUID jobId) {
		this.database.sql("SELECT * FROM csv_import WHERE job_id = ?")
			.param(jobId)
			.query(ImportStore::map)
			.optional()
			.ifPresent((changed) -> this.events.publishEvent(new ImportChangedEvent(changed)));
	}

	private static Import map(ResultSet row, int number) throws SQLException {
		return new Import(uuid(row, "id"), row.getString("name"),
				ImportState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)), row.getString("error"),
				uuid(row, "job_id"), row.getObject("csv_cursor", Long.class), row.getLong("total"),
				row.getLong("processed"), row.getDouble("rate"), row.getInt("slices"), row.getInt("interruptions"),
				row.getLong("failed_rows"));
	}

	private static UUID uuid(ResultSet row, String column) throws SQLException {
		return Objects.requireNonNull(row.getObject(column, UUID.class));
	}

}
