package dev.backgroundjobs.iteration;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Key columns in SQL: as conditions, as an order, and read from a row.
 *
 * @param columns the columns, the most significant first
 * @param descending whether the greatest keys come first
 */
record JdbcKeys(List<String> columns, boolean descending) {

	// Never the name of a column or parameter of the application's.
	static final String RESERVED = "jobs_key_";

	private static final String NAME = "([\\p{L}\\p{N}_$#@]+|\"[^\"]+\"|`[^`]+`|\\[[^\\]]+])";

	private static final Pattern COLUMN = Pattern.compile(NAME + "(\\." + NAME + ")*");

	JdbcKeys {
		for (String column : columns) {
			if (!COLUMN.matcher(column).matches()) {
				throw new IllegalArgumentException(
						("Key '%s' is not the name of a column, of letters, digits, '_' and dots "
								+ "or in quotes: name each column by itself, as in key(\"created_at\", \"id\"), for the greatest "
								+ "first call 'descending()', and for an expression make a view")
							.formatted(column));
			}
		}
	}

	/**
	 * Return the columns as the last ones of a select list, under names of ours, so that
	 * they are there whatever the application selects.
	 */
	String selected() {
		StringBuilder sql = new StringBuilder();
		for (int i = 0; i < this.columns.size(); i++) {
			sql.append(", ").append(this.columns.get(i)).append(" as ").append(RESERVED).append(i);
		}
		return sql.toString();
	}

	String order() {
		return String.join(", ", this.columns.stream().map((each) -> each + (this.descending ? " desc" : "")).toList());
	}

	/**
	 * Return the condition of the rows after a cursor.
	 * @param parameter what the names of the parameters begin with
	 */
	String after(String parameter) {
		return condition(0, parameter, this.descending ? "<" : ">");
	}

	/**
	 * Return the condition of the rows up to a cursor, its own row included.
	 * @param parameter what the names of the parameters begin with
	 */
	String upTo(String parameter) {
		return condition(0, parameter, this.descending ? ">=" : "<=");
	}

	// a >= :a and (a > :a or b > :b): the first part is what an index is entered with.
	private String condition(int index, String parameter, String comparison) {
		String column = this.columns.get(index);
		String value = " :" + parameter + index;
		if (index == this.columns.size() - 1) {
			return column + " " + comparison + value;
		}
		String strict = comparison.substring(0, 1);
		return column + " " + strict + "=" + value + " and (" + column + " " + strict + value + " or ("
				+ condition(index + 1, parameter, comparison) + "))";
	}

	Map<String, Object> parameters(String parameter, KeyCursor cursor) {
		if (!cursor.values().keySet().equals(Set.copyOf(this.columns))) {
			throw new IllegalStateException(
					("The cursor has the keys %s, but the query is ordered by %s. An iteration that "
							+ "is under way cannot go on with other keys: give the changed job another name")
						.formatted(cursor.values().keySet(), this.columns));
		}
		Map<String, Object> parameters = new LinkedHashMap<>();
		for (int i = 0; i < this.columns.size(); i++) {
			parameters.put(parameter + i, cursor.values().get(this.columns.get(i)));
		}
		return parameters;
	}

	/**
	 * Read the cursor of a row that was selected with {@link #selected()}.
	 */
	KeyCursor read(ResultSet row, ResultSetMetaData metaData) throws SQLException {
		int first = metaData.getColumnCount() - this.columns.size() + 1;
		Map<String, Object> values = new LinkedHashMap<>();
		for (int i = 0; i < this.columns.size(); i++) {
			String column = this.columns.get(i);
			Object value = value(row, metaData, first + i);
			KeyType.of(column, value);
			values.put(column, value);
		}
		return new KeyCursor(values);
	}

	/**
	 * Return the columns that may be null, as far as the driver knows.
	 */
	List<String> nullable(ResultSetMetaData metaData) throws SQLException {
		int first = metaData.getColumnCount() - this.columns.size() + 1;
		List<String> nullable = new ArrayList<>();
		for (int i = 0; i < this.columns.size(); i++) {
			if (metaData.isNullable(first + i) == ResultSetMetaData.columnNullable) {
				nullable.add(this.columns.get(i));
			}
		}
		return nullable;
	}

	// java.sql's times depend on the zone of the JVM and are not kept in cursors.
	static @Nullable Object value(ResultSet row, ResultSetMetaData metaData, int index) throws SQLException {
		return switch (metaData.getColumnType(index)) {
			case Types.TIMESTAMP -> hasTimeZone(metaData.getColumnTypeName(index))
					? row.getObject(index, OffsetDateTime.class) : row.getObject(index, LocalDateTime.class);
			case Types.TIMESTAMP_WITH_TIMEZONE -> row.getObject(index, OffsetDateTime.class);
			case Types.DATE -> row.getObject(index, LocalDate.class);
			case Types.TIME -> row.getObject(index, LocalTime.class);
			default -> row.getObject(index);
		};
	}

	// PostgreSQL's driver reports both types of timestamps as TIMESTAMP.
	private static boolean hasTimeZone(@Nullable String type) {
		String name = (type != null) ? type.toLowerCase(Locale.ROOT) : "";
		return name.equals("timestamptz") || name.contains("with time zone");
	}

}
