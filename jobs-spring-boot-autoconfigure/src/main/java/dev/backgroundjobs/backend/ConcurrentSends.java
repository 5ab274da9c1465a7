package dev.backgroundjobs.backend;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.backgroundjobs.message.JobMessage;

/**
 * Sends several messages side by side, for platforms that have no call for several.
 */
public final class ConcurrentSends {

	private ConcurrentSends() {
	}

	/**
	 * Send messages, and wait for all of them.
	 * @param messages the messages
	 * @param concurrency how many are sent at once, at most
	 * @param backend the backend's name, for the names of threads
	 * @param send sends one message and returns the platform's id; called by several
	 * threads
	 * @return one result for each message, in their order
	 */
	public static List<SendResult> send(List<JobMessage> messages, int concurrency, String backend,
			Function<JobMessage, String> send) {
		if (messages.size() < 2) {
			return messages.stream().map((message) -> SendResult.of(() -> send.apply(message))).toList();
		}
		ExecutorService pool = Executors.newFixedThreadPool(Math.min(concurrency, messages.size()), threads(backend));
		try {
			List<CompletableFuture<SendResult>> calls = messages.stream()
				.map((message) -> CompletableFuture.supplyAsync(() -> SendResult.of(() -> send.apply(message)), pool))
				.toList();
			return calls.stream().map(CompletableFuture::join).toList();
		}
		finally {
			pool.shutdown();
		}
	}

	private static ThreadFactory threads(String backend) {
		AtomicInteger number = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(task, "jobs-" + backend + "-" + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

}
