package dev.backgroundjobs.iteration;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class StreamSourceTests extends SourceContract<Integer, Integer> {

	@Override
	CursorSource<Integer, Integer> source(int items) {
		return Sources.stream(Integer.class, (after) -> IntStream.range((after != null) ? after + 1 : 0, items).boxed(),
				(item) -> item);
	}

	@Test
	void givesBackTheConnectionOfEverySlice() throws Exception {
		CountingDataSource counted = new CountingDataSource("jdbc:h2:mem:" + UUID.randomUUID());
		JdbcClient client = JdbcClient.create(counted);
		CursorSource<Integer, Integer> source = Sources.stream(Integer.class,
				(after) -> client.sql("select x from system_range(1, 9) where x > ?")
					.param((after != null) ? after : 0)
					.query(Integer.class)
					.stream(),
				(item) -> item);
		assertThat(inParts(() -> source, (item) -> true)).hasSize(9);
		assertThat(counted.opened()).isEqualTo(10);
		assertThat(counted.open()).isZero();
	}

	@Test
	void closesAStreamThatCannotBeWalked() {
		AtomicInteger closed = new AtomicInteger();
		CursorSource<Integer, Integer> source = Sources.stream(Integer.class, (after) -> {
			Stream<Integer> used = Stream.of(1).onClose(closed::incrementAndGet);
			used.iterator();
			return used;
		}, (item) -> item);
		assertThatIllegalStateException().isThrownBy(() -> source.iterate(null));
		assertThat(closed).hasValue(1);
	}

	@Test
	void refusesNulls() {
		assertThatNullPointerException().isThrownBy(() -> Sources.stream(Integer.class, null, (item) -> 1))
			.withMessage("The function that opens a stream is null");
		assertThatIllegalStateException()
			.isThrownBy(() -> Sources.stream(Integer.class, (after) -> null, (item) -> 1).iterate(7))
			.withMessage("There is no stream after cursor 7: return an empty one at the end");
	}

}
