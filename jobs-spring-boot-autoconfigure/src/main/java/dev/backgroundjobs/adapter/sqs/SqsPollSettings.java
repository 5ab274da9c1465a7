package dev.backgroundjobs.adapter.sqs;

import java.time.Duration;

/**
 * How the messages of one queue are received.
 *
 * @param queue the queue
 * @param isFifo whether it keeps order
 * @param concurrency how many jobs are run at once
 * @param waitTime how long an empty queue is asked, up to 20 s
 * @param visibilityTimeout after what time others receive what is in hand, unless it is
 * extended
 * @param maxLease how long a message is kept at most
 * @param releaseDelay when a message that could not be settled is received again
 */
record SqsPollSettings(String queue, boolean isFifo, int concurrency, Duration waitTime, Duration visibilityTimeout,
		Duration maxLease, Duration releaseDelay) {
}
