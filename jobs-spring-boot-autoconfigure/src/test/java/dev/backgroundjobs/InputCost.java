package dev.backgroundjobs;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Supplier;

import com.sun.management.ThreadMXBean;

/**
 * What an input may cost on the thread of the test: time of the processor, and so many
 * bytes of memory for each of its own. A short input that takes much is an attack.
 */
public final class InputCost {

	private static final long MAX_NANOS = Duration.ofSeconds(2).toNanos();

	// A hundred times what the inputs in the repository take once classes are loaded, so
	// that neither another JDK nor the fuzzer's instrumentation makes a difference.
	private static final long BASE_BYTES = 4_000_000;

	private static final long BYTES_FOR_EACH = 2_000;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private InputCost() {
	}

	/**
	 * Return what an action makes of an input, unless that costs too much. The action is
	 * then done again, a few times: it may load classes, which the fuzzer instruments.
	 */
	public static <T> T limited(byte[] input, Supplier<T> action) {
		long maxBytes = BASE_BYTES + BYTES_FOR_EACH * input.length;
		for (int i = 0; true; i++) {
			long bytes = THREADS.getCurrentThreadAllocatedBytes();
			long nanos = THREADS.getCurrentThreadCpuTime();
			T result = action.get();
			bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
			nanos = THREADS.getCurrentThreadCpuTime() - nanos;
			if (bytes <= maxBytes && nanos <= MAX_NANOS) {
				return result;
			}
			if (i == 3) {
				throw new AssertionError(
						"An input of " + input.length + " bytes takes " + bytes + " bytes and " + nanos + " ns");
			}
		}
	}

	/**
	 * Return how many bytes an action allocates.
	 */
	public static long bytes(Runnable action) {
		long bytes = THREADS.getCurrentThreadAllocatedBytes();
		action.run();
		return THREADS.getCurrentThreadAllocatedBytes() - bytes;
	}

}
