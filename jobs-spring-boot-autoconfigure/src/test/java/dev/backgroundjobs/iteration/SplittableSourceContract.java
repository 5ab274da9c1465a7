package dev.backgroundjobs.iteration;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is true of every source that can be split besides: its ranges have all items once.
 */
abstract class SplittableSourceContract<T, C> extends SourceContract<T, C> {

	@Override
	abstract SplittableSource<T, C> source(int items) throws Exception;

	@Test
	void rangesHaveAllItemsOnce() throws Exception {
		for (int items : List.of(0, 1, 2, 10, 31)) {
			List<Object> all = walk(source(items), null, (item) -> false).items();
			for (int count : List.of(2, 3, 7, 50)) {
				assertThat(inRanges(items, count)).as("%d items in %d ranges", items, count).isEqualTo(all);
			}
		}
	}

	private List<Object> inRanges(int items, int count) throws Exception {
		List<C> ends = new ArrayList<>();
		for (C end : source(items).split(count)) {
			ends.add(throughJson(end));
		}
		assertThat(ends).hasSizeLessThan(count);
		List<Object> found = new ArrayList<>();
		for (int i = 0; i <= ends.size(); i++) {
			C after = (i > 0) ? ends.get(i - 1) : null;
			C last = (i < ends.size()) ? ends.get(i) : null;
			found.addAll(inParts(() -> source(items).range(after, last), (item) -> true));
		}
		return found;
	}

}
