package dev.backgroundjobs.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import dev.backgroundjobs.message.JobMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of messages that are accepted although they are not signed, once a minute for
 * each job. Safe for use by several threads.
 */
final class UnsignedDeliveries {

	// Names arrive in messages: beyond this many in a minute, others are not kept.
	static final int MAX_NAMES = 100;

	static final Duration PAUSE = Duration.ofMinutes(1);

	private static final Logger logger = LoggerFactory.getLogger(UnsignedDeliveries.class);

	private final Set<String> names = new HashSet<>();

	private final Clock clock;

	private long start = Long.MIN_VALUE;

	UnsignedDeliveries(Clock clock) {
		this.clock = clock;
	}

	void accepted(JobMessage message) {
		if (isDue(message.job())) {
			logger.warn("Accepted {}, which is not signed: 'jobs.signing.required' is warn. Others of this job are "
					+ "not mentioned for a minute", message);
		}
	}

	private synchronized boolean isDue(String name) {
		long now = this.clock.millis();
		// Before the start: the clock was put back.
		if (now < this.start || now >= this.start + PAUSE.toMillis()) {
			this.names.clear();
			this.start = now;
		}
		return this.names.size() < MAX_NAMES && this.names.add(name);
	}

}
