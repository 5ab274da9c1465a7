package dev.backgroundjobs.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Two kinds of starts, in turns.
 */
final class StartComparison {

	static final int WARM_UP = 2;

	private final String name;

	private final String baseName;

	private final TimedStarts base;

	private final String otherName;

	private final TimedStarts other;

	StartComparison(String name, String baseName, TimedStarts base, String otherName, TimedStarts other) {
		this.name = name;
		this.baseName = baseName;
		this.base = base;
		this.otherName = otherName;
		this.other = other;
	}

	// The first of a pair has the colder caches.
	void run(boolean measured) throws IOException, InterruptedException {
		boolean baseFirst = this.base.wall.size() % 2 == 0;
		(baseFirst ? this.base : this.other).run(measured);
		(baseFirst ? this.other : this.base).run(measured);
	}

	void print() {
		print("wall", this.base.wall, this.other.wall);
		print("CPU", this.base.cpu, this.other.cpu);
	}

	private void print(String what, List<Long> base, List<Long> other) {
		List<Long> more = new ArrayList<>();
		for (int i = 0; i < base.size(); i++) {
			more.add(other.get(i) - base.get(i));
		}
		System.out.printf("%-10s%-5s %s %s ms, %s %s ms, more %s ms%n", this.name, what, this.baseName, describe(base),
				this.otherName, describe(other), describe(more));
	}

	private static String describe(List<Long> values) {
		List<Long> sorted = new ArrayList<>(values);
		Collections.sort(sorted);
		int n = sorted.size();
		return sorted.get(n / 2) + " (" + sorted.get(n / 4) + " to " + sorted.get(3 * n / 4) + ")";
	}

}
