package dev.backgroundjobs.adapter.sqs;

import java.util.Collection;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * What the worker asks about queues.
 *
 * @param names the queues that have jobs here, asked at the start
 * @param url the address of a queue; asked on a thread that may wait, and again after a
 * failure
 * @param isFifo whether a queue keeps order
 * @param concurrency how many jobs of a queue are run at once
 * @param hasRedrivePolicy whether SQS keeps what a queue gives up; asked on a thread that
 * may wait
 */
record SqsWorkerQueues(Supplier<? extends Collection<String>> names, Function<String, String> url,
		Predicate<String> isFifo, ToIntFunction<String> concurrency, Predicate<String> hasRedrivePolicy) {
}
