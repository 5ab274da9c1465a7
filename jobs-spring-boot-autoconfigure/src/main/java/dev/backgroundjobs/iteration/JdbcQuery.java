package dev.backgroundjobs.iteration;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;

/**
 * A query that is walked by key, from {@link Sources#jdbc}. Immutable: every method
 * returns a new one.
 * <p>
 * Columns, tables and conditions become SQL as they are: never make them of input, which
 * belongs into {@link #param parameters}.
 */
public final class JdbcQuery {

	final JdbcClient client;

	String select = "*";

	@Nullable String from;

	@Nullable String where;

	Map<String, @Nullable Object> params = Map.of();

	JdbcKeys keys = new JdbcKeys(List.of(), false);

	int pageSize = 500;

	String limitClause = "fetch first :limit rows only";

	boolean countTotal;

	JdbcQuery(JdbcClient client) {
		this.client = client;
	}

	// The copy is changed by the method that made it, and by nobody after that.
	private JdbcQuery(JdbcQuery query) {
		this.client = query.client;
		this.select = query.select;
		this.from = query.from;
		this.where = query.where;
		this.params = query.params;
		this.keys = query.keys;
		this.pageSize = query.pageSize;
		this.limitClause = query.limitClause;
		this.countTotal = query.countTotal;
	}

	/**
	 * Return the query with a list of what to select.
	 * @param columns the columns, for example {@code "id, name"}; by default {@code *},
	 * which databases that do not take {@code *} beside columns (Oracle) need with the
	 * table's name
	 * @return the changed query
	 */
	public JdbcQuery select(String columns) {
		JdbcQuery copy = new JdbcQuery(this);
		copy.select = Objects.requireNonNull(columns, "The columns to select are null");
		return copy;
	}

	/**
	 * Return the query with what to select from.
	 * @param tables a table, or tables joined
	 * @return the changed query
	 */
	public JdbcQuery from(String tables) {
		JdbcQuery copy = new JdbcQuery(this);
		copy.from = Objects.requireNonNull(tables, "The table to select from is null");
		return copy;
	}

	/**
	 * Return the query with a condition.
	 * @param condition the condition, with named parameters, for example
	 * {@code "state = :state"}
	 * @return the changed query
	 */
	public JdbcQuery where(String condition) {
		JdbcQuery copy = new JdbcQuery(this);
		copy.where = Objects.requireNonNull(condition, "The condition is null: leave 'where' out instead");
		return copy;
	}

	/**
	 * Return the query with one more parameter of its condition.
	 * @param name the name
	 * @param value the value
	 * @return the changed query
	 * @throws IllegalArgumentException when the name begins with {@code jobs_key_}
	 */
	public JdbcQuery param(String name, @Nullable Object value) {
		Objects.requireNonNull(name, "A parameter has no name");
		if (name.startsWith(JdbcKeys.RESERVED)) {
			throw new IllegalArgumentException("Parameter '%s' has a name of the source's own: name it without '%s'"
				.formatted(name, JdbcKeys.RESERVED));
		}
		Map<String, @Nullable Object> params = new LinkedHashMap<>(this.params);
		params.put(name, value);
		JdbcQuery copy = new JdbcQuery(this);
		copy.params = Collections.unmodifiableMap(params);
		return copy;
	}

	/**
	 * Return the query with the columns rows are ordered and found again by. Together
	 * they must be unique, none of them null, and best the columns of an index.
	 * @param columns the columns, the most significant first; qualified by a table where
	 * the query has several
	 * @return the changed query
	 * @throws IllegalArgumentException when there is no column, or one twice, or
	 * something that is not the name of one, such as {@code "id desc"} or {@code "a, b"}
	 */
	public JdbcQuery key(String... columns) {
		if (columns.length == 0 || Arrays.stream(columns).distinct().count() != columns.length) {
			throw new IllegalArgumentException("A key has one or more different columns, for example its id");
		}
		JdbcQuery copy = new JdbcQuery(this);
		copy.keys = new JdbcKeys(List.of(columns), this.keys.descending());
		return copy;
	}

	/**
	 * Return the query with the greatest keys first.
	 * @return the changed query
	 */
	public JdbcQuery descending() {
		JdbcQuery copy = new JdbcQuery(this);
		copy.keys = new JdbcKeys(this.keys.columns(), true);
		return copy;
	}

	/**
	 * Return the query with a number of rows that are read, and held, at once.
	 * @param rows the number, 500 by default
	 * @return the changed query
	 * @throws IllegalArgumentException when it is less than 1
	 */
	public JdbcQuery pageSize(int rows) {
		if (rows < 1) {
			throw new IllegalArgumentException("A page has 1 or more rows, not " + rows);
		}
		JdbcQuery copy = new JdbcQuery(this);
		copy.pageSize = rows;
		return copy;
	}

	/**
	 * Return the query with the end of the statement that limits its rows, for databases
	 * that do not know the standard's, for example {@code "limit :limit"} for MySQL.
	 * @param clause the clause, by default {@code fetch first :limit rows only};
	 * {@code :limit} is replaced by the number
	 * @return the changed query
	 * @throws IllegalArgumentException when it has no {@code :limit}
	 */
	public JdbcQuery limitClause(String clause) {
		if (!clause.contains(":limit")) {
			throw new IllegalArgumentException(
					"Limit clause '" + clause + "' has no ':limit', so that a page would be the whole table");
		}
		JdbcQuery copy = new JdbcQuery(this);
		copy.limitClause = clause;
		return copy;
	}

	/**
	 * Return the query with a total, which is counted by the database with the same
	 * condition before the first row.
	 * @return the changed query
	 */
	public JdbcQuery countTotal() {
		JdbcQuery copy = new JdbcQuery(this);
		copy.countTotal = true;
		return copy;
	}

	/**
	 * Return the source of the rows as objects.
	 * @param type a record or class whose properties are named like the selected columns,
	 * or a simple type such as {@code Long} for the first selected column
	 * @param <T> the items' type
	 * @return the source; it can be split when the key is one column of whole numbers
	 * @throws IllegalStateException when table, key or the value of a parameter are
	 * missing
	 */
	public <T> SplittableSource<T, KeyCursor> map(Class<T> type) {
		return map(BeanUtils.isSimpleProperty(type) ? (row, number) -> firstColumn(row, type)
				: new SimplePropertyRowMapper<>(type));
	}

	/**
	 * Return the source of the rows as what a mapper makes of them.
	 * @param mapper makes an item of a row
	 * @param <T> the items' type
	 * @return the source; it can be split when the key is one column of whole numbers
	 * @throws IllegalStateException when table, key or the value of a parameter are
	 * missing
	 */
	public <T> SplittableSource<T, KeyCursor> map(RowMapper<T> mapper) {
		Objects.requireNonNull(mapper, "The mapper of rows is null");
		if (this.from == null) {
			throw new IllegalStateException("The query has no table: name it with 'from'");
		}
		if (this.keys.columns().isEmpty()) {
			throw new IllegalStateException("The query has no key, by which rows are ordered and found again: name a "
					+ "unique column, or columns that are unique together, with 'key'");
		}
		new JdbcParameters(this.params)
			.requireAllOf(this.select + " " + this.from + " " + Objects.requireNonNullElse(this.where, ""));
		return new JdbcSource<>(this, mapper, null, null);
	}

	private static <T> T firstColumn(ResultSet row, Class<T> type) throws SQLException {
		Object value = JdbcUtils.getResultSetValue(row, 1, type);
		T item = DefaultConversionService.getSharedInstance().convert(value, type);
		if (item == null) {
			throw new IllegalStateException(
					"The first selected column is null, which is no %s: leave such rows out, or map "
						.formatted(type.getSimpleName()) + "rows with a RowMapper");
		}
		return item;
	}

}
