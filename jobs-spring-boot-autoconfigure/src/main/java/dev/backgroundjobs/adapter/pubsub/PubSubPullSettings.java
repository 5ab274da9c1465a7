package dev.backgroundjobs.adapter.pubsub;

import java.time.Duration;

/**
 * How the messages of one queue are pulled.
 *
 * @param queue the queue
 * @param concurrency how many are run at once
 * @param maxLease how long a message is kept at most
 * @param releaseDelay when a message that could not be settled is delivered again
 */
record PubSubPullSettings(String queue, int concurrency, Duration maxLease, Duration releaseDelay) {
}
