package dev.backgroundjobs.iteration;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Watches that keys go in one direction, as far as that can be known: of numbers, dates
 * and times. Databases order other keys, such as strings and UUIDs, otherwise than Java.
 * Used by one thread.
 */
final class KeyOrder<K> {

	private static final Set<Class<?>> SAME_EVERYWHERE = Set.of(Byte.class, Short.class, Integer.class, Long.class,
			BigInteger.class, BigDecimal.class, Float.class, Double.class, Instant.class, LocalDate.class,
			LocalTime.class, LocalDateTime.class, OffsetDateTime.class, ZonedDateTime.class, Year.class,
			YearMonth.class);

	private final @Nullable K last;

	private int direction;

	/**
	 * Watch the keys of a range.
	 * @param after the key before the range, or {@code null}
	 * @param last the range's last key, or {@code null}
	 */
	KeyOrder(@Nullable K after, @Nullable K last) {
		this.last = last;
		this.direction = (after != null && last != null) ? direction(after, last) : 0;
	}

	/**
	 * Return where the second key is.
	 * @return 1 when it is greater, -1 when it is smaller, 0 when they are equal or
	 * nobody knows
	 */
	@SuppressWarnings("unchecked")
	static int direction(Object first, Object second) {
		boolean known = first.getClass() == second.getClass() && SAME_EVERYWHERE.contains(first.getClass());
		return known ? Integer.signum(((Comparable<Object>) second).compareTo(first)) : 0;
	}

	/**
	 * Refuse a page of which keys go in another direction, or over the range's end.
	 * @param after the key before the page, or {@code null} for the first page
	 * @param keys the page's keys
	 */
	void require(@Nullable K after, List<K> keys) {
		@Nullable K before = after;
		for (K key : keys) {
			if (before != null) {
				requireOnward(before, key);
			}
			before = key;
		}
		if (before != null && !keys.isEmpty()) {
			requireWithinRange(before);
		}
	}

	private void requireOnward(K before, K key) {
		int step = direction(before, key);
		if (this.direction == 0) {
			this.direction = step;
		}
		if (step == -this.direction && step != 0) {
			throw new IllegalStateException("Key %s comes after key %s, but keys %s here. Without an order items are "
				.formatted(key, before, (this.direction > 0) ? "rise" : "fall")
					+ "left out: order the query by the key alone, and return only what comes after the given key; "
					+ "where the query is ordered by more, make the key a record of all of that");
		}
	}

	private void requireWithinRange(K key) {
		if (this.last != null && this.direction != 0 && direction(this.last, key) == this.direction) {
			throw new IllegalStateException(
					("Key %s lies beyond key %s, at which the range ends, so that its item would "
							+ "be in two ranges: return no items whose keys come after 'last'")
						.formatted(key, this.last));
		}
	}

}
