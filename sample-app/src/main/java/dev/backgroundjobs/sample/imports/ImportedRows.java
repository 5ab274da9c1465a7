package dev.backgroundjobs.sample.imports;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * The rows that have been imported.
 */
@Repository
public class ImportedRows {

	private final JdbcClient database;

	ImportedRows(JdbcClient database) {
		this.database = database;
	}

	/**
	 * Insert a row, in a transaction of its own: a row is there or it is not, wherever
	 * the process dies.
	 * @param importId the import
	 * @param row the row
	 * @throws DuplicateKeyException when there is a row with that id, which stays as it
	 * is
	 */
	@Transactional
	public void insert(UUID importId, ImportedRow row) {
		this.database.sql("INSERT INTO imported_row (import_id, id, name, state) VALUES (?, ?, ?, ?)")
			.param(importId)
			.param(row.id())
			.param(row.name())
			.param(row.state())
			.update();
	}

	/**
	 * Read rows in the order of their ids.
	 * @param importId the import
	 * @param after the id before the first row, or {@code null} to begin with the first
	 * @param limit how many rows at most
	 * @return the rows
	 */
	public List<ImportedRow> findAfter(UUID importId, @Nullable Long after, int limit) {
		if (after != null && after == Long.MAX_VALUE) {
			return List.of();
		}
		return this.database
			.sql("SELECT id, name, state FROM imported_row WHERE import_id = ? AND id >= ? ORDER BY id LIMIT ?")
			.param(importId)
			.param((after != null) ? after + 1 : Long.MIN_VALUE)
			.param(limit)
			.query((row, number) -> new ImportedRow(row.getLong("id"), row.getString("name"), row.getString("state")))
			.list();
	}

}
