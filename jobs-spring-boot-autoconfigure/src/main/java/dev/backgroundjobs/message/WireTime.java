package dev.backgroundjobs.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.LocalDateTime;

import org.jspecify.annotations.Nullable;

/**
 * Times as the wire has them: RFC 3339, written with milliseconds in UTC. What we write
 * ourselves is read and written by hand, since a formatter takes longer than all the rest
 * of a message.
 */
final class WireTime {

	// Far enough that adding a delay cannot overflow.
	private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

	private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

	// 2026-06-01T12:00:00.000Z
	private static final int LENGTH = 24;

	private WireTime() {
	}

	static String format(Instant time) {
		LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
		char[] text = new char[LENGTH];
		put(text, 0, 4, utc.getYear());
		text[4] = '-';
		put(text, 5, 2, utc.getMonthValue());
		text[7] = '-';
		put(text, 8, 2, utc.getDayOfMonth());
		text[10] = 'T';
		put(text, 11, 2, utc.getHour());
		text[13] = ':';
		put(text, 14, 2, utc.getMinute());
		text[16] = ':';
		put(text, 17, 2, utc.getSecond());
		text[19] = '.';
		put(text, 20, 3, utc.getNano() / 1_000_000);
		text[23] = 'Z';
		return new String(text);
	}

	/**
	 * Read a time.
	 * @return the time, or {@code null} when the text is none, or none between 1970 and
	 * 9999
	 */
	static @Nullable Instant parse(String text) {
		try {
			Instant time = isOwn(text) ? parseOwn(text) : Instant.parse(text);
			return (time.isBefore(EARLIEST) || time.isAfter(LATEST)) ? null : time;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static Instant parseOwn(String text) {
		long day = LocalDate.of(get(text, 0, 4), get(text, 5, 2), get(text, 8, 2)).toEpochDay();
		int second = (get(text, 11, 2) * 60 + get(text, 14, 2)) * 60 + get(text, 17, 2);
		return Instant.ofEpochSecond(day * 86_400 + second, get(text, 20, 3) * 1_000_000L);
	}

	// Digits and marks where we write them, and no leap second or hour 24.
	private static boolean isOwn(String text) {
		if (text.length() != LENGTH) {
			return false;
		}
		for (int i = 0; i < LENGTH; i++) {
			char expected = "0000-00-00T00:00:00.000Z".charAt(i);
			char c = text.charAt(i);
			if ((expected == '0') ? (c < '0' || c > '9') : c != expected) {
				return false;
			}
		}
		return get(text, 11, 2) < 24 && get(text, 14, 2) < 60 && get(text, 17, 2) < 60;
	}

	private static void put(char[] text, int start, int digits, int value) {
		int rest = value;
		for (int i = start + digits - 1; i >= start; i--) {
			text[i] = (char) ('0' + rest % 10);
			rest /= 10;
		}
	}

	private static int get(String text, int start, int digits) {
		int value = 0;
		for (int i = start; i < start + digits; i++) {
			value = value * 10 + (text.charAt(i) - '0');
		}
		return value;
	}

}
