package dev.backgroundjobs.iteration;

import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * For every item of a source, the items of another one.
 *
 * @param outer the outer source
 * @param innerCursorType the type of the inner sources' cursors
 * @param inner makes the inner source of an outer item
 */
record NestedSource<O extends @Nullable Object, C1, I extends @Nullable Object, C2>(CursorSource<O, C1> outer,
		Type innerCursorType, Function<? super O, ? extends CursorSource<I, C2>> inner)
		implements
			CursorSource<Nested<O, I>, NestedCursor<C1, C2>> {

	NestedSource {
		Objects.requireNonNull(outer, "The outer source is null");
		Objects.requireNonNull(innerCursorType, "The type of the inner cursors is null");
		Objects.requireNonNull(inner, "The function that makes an inner source is null");
	}

	@Override
	public CursorIterator<Nested<O, I>, NestedCursor<C1, C2>> iterate(@Nullable NestedCursor<C1, C2> cursor)
			throws Exception {
		return new Items<>(this.outer.iterate((cursor != null) ? cursor.outer() : null), this::innerOf, cursor);
	}

	private CursorSource<I, C2> innerOf(O outer) {
		CursorSource<I, C2> source = this.inner.apply(outer);
		if (source == null) {
			throw new IllegalStateException(
					"The inner source of an outer item is null: return Sources.list(List.of()) for none");
		}
		requireDeclaredCursor(source.cursorType());
		return source;
	}

	// Only raw types get here: otherwise the compiler compares them.
	private void requireDeclaredCursor(Type actual) {
		boolean declared = actual.equals(this.innerCursorType)
				|| ResolvableType.forType(actual).isAssignableFrom(ResolvableType.forType(this.innerCursorType));
		if (!declared) {
			throw new IllegalStateException(
					"'Sources.nested' was told that inner cursors are %s, but those of the inner source are %s: name that type"
						.formatted(this.innerCursorType.getTypeName(), actual.getTypeName()));
		}
	}

	@Override
	public Type cursorType() {
		return ResolvableType
			.forClassWithGenerics(NestedCursor.class, ResolvableType.forType(this.outer.cursorType()),
					ResolvableType.forType(this.innerCursorType))
			.getType();
	}

	private static final class Items<O extends @Nullable Object, C1, I extends @Nullable Object, C2>
			implements CursorIterator<Nested<O, I>, NestedCursor<C1, C2>> {

		private final CursorIterator<O, C1> outers;

		private final Function<? super O, ? extends CursorSource<I, C2>> source;

		private final @Nullable NestedCursor<C1, C2> resumed;

		private @Nullable C1 done;

		private @Nullable Walk<O, C1, I, C2> walk;

		private @Nullable NestedCursor<C1, C2> cursor;

		Items(CursorIterator<O, C1> outers, Function<? super O, ? extends CursorSource<I, C2>> source,
				@Nullable NestedCursor<C1, C2> resumed) {
			this.outers = outers;
			this.source = source;
			this.resumed = resumed;
			this.done = (resumed != null) ? resumed.outer() : null;
		}

		@Override
		public boolean hasNext() throws Exception {
			while (this.walk == null || !this.walk.items().hasNext()) {
				closeInner();
				if (!this.outers.hasNext()) {
					return false;
				}
				O outer = this.outers.next();
				this.walk = walk(outer, this.outers.cursor());
			}
			return true;
		}

		private Walk<O, C1, I, C2> walk(O outer, C1 current) throws Exception {
			// Items may have come or gone between the done one and the one being walked.
			C2 after = (this.resumed != null && current.equals(this.resumed.current())) ? this.resumed.inner() : null;
			return new Walk<>(outer, current, this.source.apply(outer).iterate(after));
		}

		@Override
		public Nested<O, I> next() throws Exception {
			Walk<O, C1, I, C2> now = Objects.requireNonNull(this.walk, "There is no next item");
			I inner = now.items().next();
			this.cursor = new NestedCursor<>(this.done, now.cursor(), now.items().cursor());
			return new Nested<>(now.outer(), inner);
		}

		@Override
		public NestedCursor<C1, C2> cursor() {
			return Objects.requireNonNull(this.cursor, "The cursor is asked for after an item");
		}

		private void closeInner() throws IOException {
			Walk<O, C1, I, C2> ended = this.walk;
			if (ended != null) {
				this.walk = null;
				this.done = ended.cursor();
				ended.items().close();
			}
		}

		@Override
		public void close() throws IOException {
			try {
				closeInner();
			}
			finally {
				this.outers.close();
			}
		}

	}

	/**
	 * An outer item whose inner items are being walked.
	 */
	private record Walk<O extends @Nullable Object, C1, I extends @Nullable Object, C2>(O outer, C1 cursor,
			CursorIterator<I, C2> items) {

	}

}
