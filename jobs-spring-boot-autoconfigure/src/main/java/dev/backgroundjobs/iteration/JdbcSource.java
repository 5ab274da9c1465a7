package dev.backgroundjobs.iteration;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows of a query, in pages by key. Between pages it holds no connection.
 *
 * @param query the query
 * @param mapper makes an item of a row
 * @param after the key before the first row, or {@code null}
 * @param last the key of the last row, or {@code null}
 */
record JdbcSource<T extends @Nullable Object>(JdbcQuery query, RowMapper<T> mapper, @Nullable KeyCursor after,
		@Nullable KeyCursor last) implements SplittableSource<T, KeyCursor> {

	private static final String AFTER = JdbcKeys.RESERVED + "after_";

	private static final String LAST = JdbcKeys.RESERVED + "last_";

	@Override
	public CursorIterator<T, KeyCursor> iterate(@Nullable KeyCursor cursor) {
		return new PageIterator<>((cursor != null) ? cursor : this.after) {
			@Override
			protected Page<T, KeyCursor> load(@Nullable KeyCursor begin) {
				return page(begin);
			}
		};
	}

	@Override
	public Class<KeyCursor> cursorType() {
		return KeyCursor.class;
	}

	@Override
	public @Nullable Long total() {
		return this.query.countTotal ? statement("count(*)", this.after, null, "").query(Long.class).single() : null;
	}

	@Override
	public List<KeyCursor> split(int count) {
		Cuts.requireRanges(count);
		if (keys().columns().size() > 1) {
			throw new IllegalStateException(
					"Rows by key %s cannot be cut into ranges, only rows by one column of whole ".formatted(
							keys().columns()) + "numbers: name such a key, or use Sources.keyset with boundaries");
		}
		Object first = edge(keys().order());
		Object last = edge(new JdbcKeys(keys().columns(), !keys().descending()).order());
		return (first != null && last != null) ? ends(first, last, count) : List.of();
	}

	// By order and limit: not every type has a least and a greatest value (PostgreSQL's
	// uuid).
	private @Nullable Object edge(String order) {
		List<KeyCursor> edge = statement("1" + keys().selected(), this.after, null, " order by " + order + limit(1))
			.query((row, number) -> keys().read(row, row.getMetaData()))
			.list();
		return edge.isEmpty() ? null : edge.get(0).values().get(keys().columns().get(0));
	}

	private List<KeyCursor> ends(Object first, Object last, int count) {
		String column = keys().columns().get(0);
		long least = Math.min(number(column, first), number(column, last));
		long greatest = Math.max(number(column, first), number(column, last));
		List<Long> numbers = new ArrayList<>(Cuts.of(least, greatest, count));
		if (keys().descending()) {
			numbers.replaceAll((number) -> number + 1);
			Collections.reverse(numbers);
		}
		return numbers.stream().map((number) -> new KeyCursor(Map.of(column, like(first, number)))).toList();
	}

	private static long number(String column, Object value) {
		if (value instanceof Long || value instanceof Integer || value instanceof Short) {
			return ((Number) value).longValue();
		}
		if (value instanceof BigDecimal decimal && decimal.scale() <= 0) {
			return decimal.longValueExact();
		}
		throw new IllegalStateException(
				("Rows by key '%s' cannot be cut into ranges: its values are not whole numbers but "
						+ "%s. Name another key, or use Sources.keyset with boundaries")
					.formatted(column, value.getClass().getName()));
	}

	private static Object like(Object value, Long number) {
		if (value instanceof Integer) {
			return number.intValue();
		}
		if (value instanceof Short) {
			return number.shortValue();
		}
		return (value instanceof BigDecimal) ? BigDecimal.valueOf(number) : number;
	}

	@Override
	public SplittableSource<T, KeyCursor> range(@Nullable KeyCursor after, @Nullable KeyCursor last) {
		return new JdbcSource<>(this.query, this.mapper, (after != null) ? after : this.after,
				(last != null) ? last : this.last);
	}

	private PageIterator.Page<T, KeyCursor> page(@Nullable KeyCursor begin) {
		String orderAndLimit = " order by " + keys().order() + limit(this.query.pageSize);
		Rows<T> rows = statement(this.query.select + keys().selected(), begin, null, orderAndLimit)
			.withFetchSize(this.query.pageSize)
			.query((ResultSet result) -> read(result, begin == null));
		rows.nullable().forEach(this::refuseNull);
		return new PageIterator.Page<>(rows.items(), rows.cursors(), rows.items().size() < this.query.pageSize);
	}

	private Rows<T> read(ResultSet rows, boolean first) throws SQLException {
		ResultSetMetaData metaData = rows.getMetaData();
		List<T> items = new ArrayList<>();
		List<KeyCursor> cursors = new ArrayList<>();
		while (rows.next()) {
			cursors.add(keys().read(rows, metaData));
			items.add(this.mapper.mapRow(rows, items.size()));
		}
		// Drivers may ask the database for this, so not for every page.
		return new Rows<>(items, cursors, first ? keys().nullable(metaData) : List.of());
	}

	// No comparison with a cursor finds a row whose key is null.
	private void refuseNull(String column) {
		boolean found = statement("1", null, column + " is null", " order by " + keys().order() + limit(1))
			.query((ResultSet rows) -> rows.next());
		if (found) {
			KeyType.of(column, null);
		}
	}

	private JdbcClient.StatementSpec statement(String select, @Nullable KeyCursor begin, @Nullable String condition,
			String end) {
		List<String> conditions = new ArrayList<>();
		Map<String, @Nullable Object> params = new LinkedHashMap<>(this.query.params);
		if (this.query.where != null) {
			conditions.add("(" + this.query.where + ")");
		}
		if (condition != null) {
			conditions.add(condition);
		}
		if (begin != null) {
			conditions.add(keys().after(AFTER));
			params.putAll(keys().parameters(AFTER, begin));
		}
		if (this.last != null) {
			conditions.add(keys().upTo(LAST));
			params.putAll(keys().parameters(LAST, this.last));
		}
		String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
		return this.query.client.sql("select " + select + " from " + this.query.from + where + end).params(params);
	}

	private JdbcKeys keys() {
		return this.query.keys;
	}

	private String limit(int rows) {
		return " " + this.query.limitClause.replace(":limit", Integer.toString(rows));
	}

	/**
	 * What was read at once.
	 */
	private record Rows<T extends @Nullable Object>(List<T> items, List<KeyCursor> cursors, List<String> nullable) {

	}

}
