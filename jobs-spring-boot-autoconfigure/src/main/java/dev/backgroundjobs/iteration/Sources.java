package dev.backgroundjobs.iteration;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.Resource;
import org.springframework.data.domain.ScrollPosition;
import org.springframework.data.domain.Window;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Ready-made sources. None of them holds more than one page or record at once, and none
 * opens anything before it is walked. A {@code null} argument fails at once with a
 * {@link NullPointerException}.
 * <p>
 * A source has no state: it can be walked by several threads at once when what it was
 * given can.
 */
public final class Sources {

	// Classes of optional libraries stand in signatures only, so that they need not be
	// there.

	private Sources() {
	}

	/**
	 * Return the items of a list. The cursor is an item's index, so the list must be the
	 * same for every slice, up to items added at its end. One from which items go, such
	 * as what is still open, moves the others up, so that as many are left out, and ends
	 * early: walk such items with {@link #jdbc} or {@link #keyset}.
	 * @param list the items
	 * @param <T> the items' type
	 * @return the source; it can be split
	 */
	public static <T extends @Nullable Object> SplittableSource<T, Integer> list(List<T> list) {
		Objects.requireNonNull(list, "The list to walk is null");
		return new ListSource<>(list, 0, Integer.MAX_VALUE);
	}

	/**
	 * Return the whole numbers of a range. The cursor is the number.
	 * @param fromInclusive the first number
	 * @param toExclusive the number after the last one; there are no numbers when it is
	 * not greater
	 * @return the source; it can be split
	 */
	public static SplittableSource<Long, Long> range(long fromInclusive, long toExclusive) {
		return new RangeSource(fromInclusive, toExclusive);
	}

	/**
	 * Return items that are loaded in pages by key, for example from a repository. The
	 * cursor is the key; items that come before it meanwhile are not seen.
	 * @param keyType the key's type, a record for a key of several parts; it needs
	 * {@code equals} and must survive being written as JSON and read back
	 * @param fetch loads the page after a key
	 * @param key takes an item's key; called before the item is walked. Keys are unique,
	 * never {@code null}, and do not change
	 * @param <K> the key's type
	 * @param <T> the items' type
	 * @return the source. It fails when a page has the key it begins after, which would
	 * go on for ever, or one key twice, and when numbers, dates or times do not go in one
	 * direction; of other keys the order is not known
	 */
	public static <K, T> CursorSource<T, K> keyset(Class<K> keyType, KeysetFetch<K, T> fetch,
			Function<? super T, ? extends K> key) {
		KeysetSource.requireArguments(keyType, fetch, key);
		return new KeysetSource<>(keyType, fetch, key);
	}

	/**
	 * Return items that are loaded in pages by key, in ranges of keys.
	 * @param keyType the key's type, see {@link #keyset(Class, KeysetFetch, Function)
	 * above}
	 * @param fetch loads the page after a key, up to a key
	 * @param key takes an item's key
	 * @param boundaries returns, for a number of ranges, the keys at which the ranges but
	 * the last one end, in order: at most one less than the number. No item needs to have
	 * such a key
	 * @param <K> the key's type
	 * @param <T> the items' type
	 * @return the source; it can be split. It fails as that above, and when numbers,
	 * dates or times lie beyond their range, or boundaries are not in the order of the
	 * keys
	 */
	public static <K, T> SplittableSource<T, K> keyset(Class<K> keyType, KeysetRangeFetch<K, T> fetch,
			Function<? super T, ? extends K> key, IntFunction<List<K>> boundaries) {
		KeysetSource.requireArguments(keyType, fetch, key);
		Objects.requireNonNull(boundaries, "The function that returns the ranges' ends is null");
		return new KeysetRangeSource<>(keyType, fetch, key, boundaries, null, null);
	}

	/**
	 * Return the items of a Spring Data repository's windows by key, as from
	 * {@code ScrollPosition.keyset()}. Needs {@code spring-data-commons}.
	 * @param scroll loads the window after a position, for example
	 * {@code (position) -> repository.findFirst500ByStateOrderById("open", position)}
	 * @param <T> the items' type
	 * @return the source
	 */
	public static <T> CursorSource<T, ScrollCursor> scroll(Function<? super ScrollPosition, Window<T>> scroll) {
		Objects.requireNonNull(scroll, "The function that loads a window is null");
		return ScrollSource.byKey(scroll);
	}

	/**
	 * Return the items of a Spring Data repository's windows. By offset, items are left
	 * out or come again when items before them go or come meanwhile; by key they are not.
	 * @param start {@code ScrollPosition.keyset()} or {@code ScrollPosition.offset()}
	 * @param scroll loads the window after a position. As everywhere in Spring Data, an
	 * offset is that of the last item before the window
	 * @param <T> the items' type
	 * @return the source
	 * @throws IllegalArgumentException when the position is not the start
	 */
	public static <T> CursorSource<T, ScrollCursor> scroll(ScrollPosition start,
			Function<? super ScrollPosition, Window<T>> scroll) {
		Objects.requireNonNull(start, "The position to start at is null");
		Objects.requireNonNull(scroll, "The function that loads a window is null");
		return new ScrollSource<>(start, scroll);
	}

	/**
	 * Return a query to be walked by key, one short statement for each page. Needs
	 * {@code spring-jdbc}.
	 * @param client the database
	 * @return a query that still needs a table, a key and a mapping
	 */
	public static JdbcQuery jdbc(JdbcClient client) {
		Objects.requireNonNull(client, "The client of the database is null");
		return new JdbcQuery(client);
	}

	/**
	 * Return the items of pages that name the next one, for example of a web service. The
	 * cursor is the page's token and the item's place in the page.
	 * @param fetch loads the page of a token
	 * @param <T> the items' type
	 * @return the source. It fails when a page names itself as the next one, or when
	 * pages come round to a token again within a slice
	 */
	public static <T extends @Nullable Object> CursorSource<T, PageCursor> pages(PageFetch<T> fetch) {
		Objects.requireNonNull(fetch, "The function that loads a page is null");
		return new TokenSource<>(fetch);
	}

	/**
	 * Return the lines of a file in UTF-8, empty ones too. The cursor is the offset in
	 * bytes after the line.
	 * @param resource the file; one that is not in the file system is read again from its
	 * start by every slice
	 * @return the source; it can be split
	 * @throws IllegalArgumentException when the resource can be read only once
	 */
	public static LineSource lines(Resource resource) {
		return new LineSource(TextFile.of(resource));
	}

	/**
	 * Return the lines of a file in UTF-8 that can be opened at any byte.
	 * @param file opens the file
	 * @return the source; it can be split when it is told the file's
	 * {@link LineSource#length length}
	 */
	public static LineSource lines(OpenAt file) {
		return new LineSource(TextFile.of(file));
	}

	/**
	 * Return the rows of a CSV file in UTF-8 (RFC 4180) whose first row names the
	 * columns. The cursor is the offset in bytes after the row.
	 * @param resource the file; one that is not in the file system is read again from its
	 * start by every slice
	 * @return the source
	 * @throws IllegalArgumentException when the resource can be read only once
	 */
	public static CsvSource csv(Resource resource) {
		return new CsvSource(TextFile.of(resource), ',', true);
	}

	/**
	 * Return the rows of a CSV file in UTF-8 (RFC 4180) that can be opened at any byte.
	 * @param file opens the file; every slice opens it at the start too, for the header
	 * @return the source
	 */
	public static CsvSource csv(OpenAt file) {
		return new CsvSource(TextFile.of(file), ',', true);
	}

	/**
	 * Return, for every item of a source, the items of another one. The cursor is made of
	 * the cursors of both; those of the outer source need {@code equals}.
	 * @param outer the outer source
	 * @param innerCursorType the type of the inner sources' cursors, for example
	 * {@code KeyCursor.class} for those of {@link #jdbc}; checked with each inner source
	 * @param inner makes the inner source of an outer item
	 * @param <O> the outer items' type
	 * @param <C1> the outer cursors' type
	 * @param <I> the inner items' type
	 * @param <C2> the inner cursors' type
	 * @return the source. Outer items without inner ones are passed over
	 */
	public static <O extends @Nullable Object, C1, I extends @Nullable Object, C2> CursorSource<Nested<O, I>, NestedCursor<C1, C2>> nested(
			CursorSource<O, C1> outer, Class<C2> innerCursorType,
			Function<? super O, ? extends CursorSource<I, C2>> inner) {
		return new NestedSource<>(outer, innerCursorType, inner);
	}

	/**
	 * Return, for every item of a source, the items of another one, for inner sources
	 * whose cursors' type has type arguments, such as nested ones.
	 * @param outer the outer source
	 * @param innerCursorType the type of the inner sources' cursors
	 * @param inner makes the inner source of an outer item
	 * @param <O> the outer items' type
	 * @param <C1> the outer cursors' type
	 * @param <I> the inner items' type
	 * @param <C2> the inner cursors' type
	 * @return the source. Outer items without inner ones are passed over
	 */
	public static <O extends @Nullable Object, C1, I extends @Nullable Object, C2> CursorSource<Nested<O, I>, NestedCursor<C1, C2>> nested(
			CursorSource<O, C1> outer, ParameterizedTypeReference<C2> innerCursorType,
			Function<? super O, ? extends CursorSource<I, C2>> inner) {
		Objects.requireNonNull(innerCursorType, "The type of the inner cursors is null");
		return new NestedSource<>(outer, innerCursorType.getType(), inner);
	}

	/**
	 * Return the items of iterators of an application's own.
	 * @param cursorType the cursors' type
	 * @param open opens an iterator on the items after a cursor, or on all for
	 * {@code null}; closed when it is {@link AutoCloseable}. That of a {@link Stream} is
	 * not, and would leave what is behind the stream open: see {@link #stream}
	 * @param cursorOf takes an item's cursor, unique and never {@code null}; called
	 * before the item is walked
	 * @param <T> the items' type
	 * @param <C> the cursors' type
	 * @return the source. It fails when the item it should begin after comes again
	 */
	public static <T, C> CursorSource<T, C> of(Class<C> cursorType,
			Function<@Nullable C, ? extends Iterator<? extends T>> open, Function<? super T, ? extends C> cursorOf) {
		return new IteratorSource<>(cursorType, open, cursorOf);
	}

	/**
	 * Return the items of streams, each closed at the end of its slice with the
	 * connection or file behind it.
	 * @param cursorType the cursors' type
	 * @param open opens a stream of the items after a cursor, or of all for {@code null}
	 * @param cursorOf takes an item's cursor, as {@link #of above}
	 * @param <T> the items' type
	 * @param <C> the cursors' type
	 * @return the source. It fails when the item it should begin after comes again
	 */
	public static <T, C> CursorSource<T, C> stream(Class<C> cursorType,
			Function<@Nullable C, ? extends Stream<? extends T>> open, Function<? super T, ? extends C> cursorOf) {
		Objects.requireNonNull(open, "The function that opens a stream is null");
		return new IteratorSource<T, C>(cursorType, (after) -> new StreamIterator<T>(open.apply(after), after),
				cursorOf);
	}

}
