package dev.backgroundjobs.iteration;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Jobs that are iterated, as a test sets them up.
 */
@Component
class Tours {

	final List<String> log = new ArrayList<>();

	final Map<Long, Integer> visits = new TreeMap<>();

	final List<Object> arguments = new ArrayList<>();

	int opened;

	int counted;

	ItemAction<Long> action = (item) -> {
	};

	UnaryOperator<Iteration<Long>> options = (iteration) -> iteration;

	@Nullable Steps steps;

	BooleanSupplier returnsNull = () -> false;

	void reset() {
		this.log.clear();
		this.visits.clear();
		this.arguments.clear();
		this.opened = 0;
		this.counted = 0;
		this.action = (item) -> {
		};
		this.options = (iteration) -> iteration;
		this.steps = null;
		this.returnsNull = () -> false;
	}

	@BackgroundJob(maxAttempts = "3")
	@Nullable Iteration<Long> count(Range range) {
		this.arguments.add(range);
		return this.returnsNull.getAsBoolean() ? null
				: this.options.apply(Iteration.over(new Numbers(range.from(), range.to())).each(this::visit));
	}

	@BackgroundJob(maxAttempts = "3")
	@Nullable Steps step() {
		return this.steps;
	}

	@BackgroundJob
	Object undeclared() {
		return Iteration.over(new Numbers(0, 3)).each(this::visit);
	}

	@BackgroundJob
	Iteration<Long> oddCursor(String kind) {
		return Iteration.over(new OddCursors(kind)).each(this::visit);
	}

	void visit(Long item) throws Exception {
		this.log.add("item " + item);
		this.action.accept(item);
		this.visits.merge(item, 1, Integer::sum);
	}

	Iteration<Long> numbers(long from, long to) {
		return Iteration.over(new Numbers(from, to)).each(this::visit);
	}

	static void stopAt(long wanted, Long item) {
		if (item == wanted) {
			JobContext.current().requestStop();
		}
	}

	IterationCallback says(String what) {
		return () -> this.log.add(what);
	}

	/**
	 * The argument of the job.
	 */
	record Range(long from, long to) {
	}

	/**
	 * Numbers whose cursor is the number.
	 */
	final class Numbers implements SplittableSource<Long, Long> {

		private final long from;

		private final long to;

		Numbers(long from, long to) {
			this.from = from;
			this.to = to;
		}

		@Override
		public CursorIterator<Long, Long> iterate(@Nullable Long cursor) {
			Tours.this.opened++;
			return new CursorIterator<>() {

				private long next = (cursor != null) ? cursor + 1 : Numbers.this.from;

				@Override
				public boolean hasNext() {
					return this.next < Numbers.this.to;
				}

				@Override
				public Long next() {
					return this.next++;
				}

				@Override
				public Long cursor() {
					return this.next - 1;
				}

				@Override
				public void close() {
					Tours.this.opened--;
				}

			};
		}

		@Override
		public Type cursorType() {
			return Long.class;
		}

		@Override
		public Long total() {
			Tours.this.counted++;
			return this.to - this.from;
		}

		@Override
		public List<Long> split(int count) {
			List<Long> ends = new ArrayList<>();
			long size = this.to - this.from;
			long parts = Math.min(count, size);
			for (int i = 1; i < parts; i++) {
				ends.add(this.from + size * i / parts - 1);
			}
			return ends;
		}

		@Override
		public CursorSource<Long, Long> range(@Nullable Long after, @Nullable Long last) {
			return new Numbers((after != null) ? after + 1 : this.from, (last != null) ? last + 1 : this.to);
		}

	}

	/**
	 * Sources whose cursors cannot travel, each in its own way.
	 */
	record OddCursors(String kind) implements CursorSource<Long, Object> {

		@Override
		public CursorIterator<Long, Object> iterate(@Nullable Object cursor) {
			return new CursorIterator<>() {

				private long next;

				@Override
				public boolean hasNext() {
					return this.next < 3;
				}

				@Override
				public Long next() {
					return this.next++;
				}

				@Override
				@SuppressWarnings("NullAway")
				public Object cursor() {
					return switch (OddCursors.this.kind()) {
						case "null" -> null;
						case "long" -> this.next;
						case "nested" -> Map.of("key", List.of("a", 7L));
						case "opaque" -> new Object();
						case "other" -> "text";
						case "long text" -> "x".repeat(3_000);
						default -> Duration.ofSeconds(this.next);
					};
				}

				@Override
				public void close() {
					// Nothing is open.
				}

			};
		}

		@Override
		public Type cursorType() {
			return switch (this.kind) {
				case "other" -> Long.class;
				case "fine" -> Duration.class;
				case "long text" -> String.class;
				default -> Object.class;
			};
		}

	}

}
