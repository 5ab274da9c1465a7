package dev.backgroundjobs.adapter.local;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Properties of the {@code local} backend.
 *
 * @param concurrency How many jobs run at once.
 * @param maxWaiting How much memory waiting messages may take. A quarter of the heap by
 * default.
 * @param queues Settings by queue.
 */
@ConfigurationProperties("jobs.local")
public record LocalJobProperties(@DefaultValue("10") int concurrency, @Nullable DataSize maxWaiting,
		@DefaultValue Map<String, Queue> queues) {

	/**
	 * Settings of one queue.
	 *
	 * @param concurrency How many jobs of the queue run at once. As many as run at all by
	 * default.
	 */
	public record Queue(@Nullable Integer concurrency) {
	}

}
