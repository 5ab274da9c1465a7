package dev.backgroundjobs;

import java.lang.management.ManagementFactory;
import java.time.Duration;

import com.sun.management.ThreadMXBean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an input may cost on the thread of the test: time of the processor, and so many
 * bytes of memory for each of its own. A short input that takes much is an attack.
 */
public final class InputCost {

	private static final long MAX_NANOS = Duration.ofSeconds(2).toNanos();

	// Far above what the inputs in the repository take, so that neither another JDK nor
	// the fuzzer's instrumentation makes a difference.
	private static final long BASE_BYTES = 20_000_000;

	private static final long BYTES_FOR_EACH = 4_000;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private InputCost() {
	}

	/**
	 * Check what an action costs. If it is too much the action is done again, since the
	 * first time it may load classes.
	 */
	public static void check(byte[] input, Runnable action) {
		long maxBytes = BASE_BYTES + BYTES_FOR_EACH * input.length;
		Cost cost = cost(action);
		if (cost.bytes() > maxBytes || cost.nanos() > MAX_NANOS) {
			cost = cost(action);
		}
		assertThat(cost.bytes()).as("bytes allocated for %d", input.length).isLessThanOrEqualTo(maxBytes);
		assertThat(cost.nanos()).as("nanoseconds for %d bytes", input.length).isLessThanOrEqualTo(MAX_NANOS);
	}

	private static Cost cost(Runnable action) {
		long bytes = THREADS.getCurrentThreadAllocatedBytes();
		long nanos = THREADS.getCurrentThreadCpuTime();
		action.run();
		return new Cost(THREADS.getCurrentThreadAllocatedBytes() - bytes, THREADS.getCurrentThreadCpuTime() - nanos);
	}

	private record Cost(long bytes, long nanos) {
	}

}
