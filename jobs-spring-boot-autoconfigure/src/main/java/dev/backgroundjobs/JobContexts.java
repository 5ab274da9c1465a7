package dev.backgroundjobs;

import org.jspecify.annotations.Nullable;

/**
 * Holds each thread's current {@link JobContext}.
 */
final class JobContexts {

	static final ThreadLocal<@Nullable JobContext> CURRENT = new ThreadLocal<>();

	private JobContexts() {
	}

}
