package dev.backgroundjobs.sample.pi;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.sample.imports.H2Checkpoint;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Keeps computations. What is done or failed stays so, whoever comes late.
 */
@Repository
class PiStore {

	private final JdbcClient database;

	private final H2Checkpoint checkpoint;

	private final JsonMapper json;

	PiStore(JdbcClient database, H2Checkpoint checkpoint, JsonMapper json) {
		this.database = database;
		this.checkpoint = checkpoint;
		this.json = json;
	}

	void create(UUID id, int digits) {
		this.database.sql("INSERT INTO pi (id, digits, created_at, state) VALUES (?, ?, ?, 'queued')")
			.params(id, digits, OffsetDateTime.now(ZoneOffset.UTC))
			.update();
		this.checkpoint.run();
	}

	void delete(UUID id) {
		this.database.sql("DELETE FROM pi WHERE id = ?").param(id).update();
	}

	/**
	 * Keep what a backend is to be asked with.
	 */
	void sent(UUID id, EnqueuedJob job) {
		this.database.sql("UPDATE pi SET job = ? WHERE id = ?").params(this.json.writeValueAsString(job), id).update();
	}

	void running(UUID id) {
		change(id, PiState.RUNNING, null, null);
	}

	void done(UUID id, String result) {
		change(id, PiState.DONE, result, null);
	}

	void failed(UUID id, String error) {
		change(id, PiState.FAILED, null, error);
	}

	private void change(UUID id, PiState state, @Nullable String result, @Nullable String error) {
		this.database.sql("""
				UPDATE pi SET state = :state, result = :result, error = :error
				WHERE id = :id AND state NOT IN ('done', 'failed')""")
			.param("state", state.jsonValue())
			.param("result", result)
			.param("error", error)
			.param("id", id)
			.update();
		if (state.isFinal()) {
			// The message goes after it, and the Job that knew it too.
			this.checkpoint.run();
		}
	}

	Optional<Pi> find(UUID id) {
		return this.database.sql("SELECT * FROM pi WHERE id = ?").param(id).query(this::map).optional();
	}

	private Pi map(ResultSet row, int number) throws SQLException {
		String job = row.getString("job");
		return new Pi(Objects.requireNonNull(row.getObject("id", UUID.class)), row.getInt("digits"),
				PiState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)), row.getString("result"),
				row.getString("error"), (job != null) ? this.json.readValue(job, EnqueuedJob.class) : null);
	}

}
