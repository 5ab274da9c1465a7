package dev.backgroundjobs.iteration;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Even cuts of a range of numbers.
 */
final class Cuts {

	private Cuts() {
	}

	/**
	 * Return the last numbers of the ranges, but for the last range.
	 * @param first the first number
	 * @param last the last number; smaller than {@code first} for no numbers
	 * @param count how many ranges are wanted
	 * @return at most {@code count - 1} numbers, rising
	 */
	static List<Long> of(long first, long last, int count) {
		requireRanges(count);
		// The numbers between the ends of a long do not fit into one.
		BigInteger numbers = BigInteger.valueOf(last).subtract(BigInteger.valueOf(first)).add(BigInteger.ONE);
		List<Long> ends = new ArrayList<>();
		BigInteger before = BigInteger.ZERO;
		for (int i = 1; i < count; i++) {
			BigInteger end = numbers.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(count));
			if (end.compareTo(before) > 0) {
				ends.add(end.add(BigInteger.valueOf(first)).longValueExact() - 1);
				before = end;
			}
		}
		return List.copyOf(ends);
	}

	static void requireRanges(int count) {
		if (count < 2) {
			throw new IllegalArgumentException("A source is cut into 2 or more ranges, not " + count);
		}
	}

}
