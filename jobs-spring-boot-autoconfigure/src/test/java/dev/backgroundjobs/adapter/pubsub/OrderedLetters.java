package dev.backgroundjobs.adapter.pubsub;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;

import org.springframework.stereotype.Component;

/**
 * Jobs of several groups, some of which fail at first, and some for ever.
 */
@Component
class OrderedLetters {

	static final int GROUPS = 5;

	static final int LETTERS = 20;

	// By group, in the order in which they were run to the end.
	private final Map<String, List<Integer>> sent = new ConcurrentHashMap<>();

	volatile boolean isReliable;

	final List<String> failures = new CopyOnWriteArrayList<>();

	@BackgroundJob(queue = "ordered", maxAttempts = "3")
	void post(Letter letter) {
		int attempt = JobContext.current().attempt();
		if (letter.number() % 7 == 3 && attempt == 1 && !this.isReliable) {
			this.failures.add(letter.group() + letter.number() + " attempt " + attempt);
			throw new IllegalStateException("not yet");
		}
		this.sent.computeIfAbsent(letter.group(), (group) -> new CopyOnWriteArrayList<>()).add(letter.number());
	}

	@BackgroundJob(queue = "ordered", maxAttempts = "3")
	void lose(Letter letter) {
		this.failures.add(letter.group() + letter.number() + " attempt " + JobContext.current().attempt());
		throw new IllegalStateException("never");
	}

	void enqueueAll(JobDispatcher jobs) {
		for (int number = 0; number < LETTERS; number++) {
			for (int group = 0; group < GROUPS; group++) {
				String name = "g" + group;
				jobs.with(JobOptions.none().group(name)).enqueue(OrderedLetters::post, new Letter(name, number));
			}
		}
	}

	int sent() {
		return this.sent.values().stream().mapToInt(List::size).sum();
	}

	Map<String, List<Integer>> byGroup() {
		return new TreeMap<>(this.sent);
	}

	static Map<String, List<Integer>> inOrder() {
		Map<String, List<Integer>> expected = new TreeMap<>();
		for (int group = 0; group < GROUPS; group++) {
			expected.put("g" + group, new ArrayList<>(IntStream.range(0, LETTERS).boxed().toList()));
		}
		return expected;
	}

	record Letter(String group, int number) {
	}

}
