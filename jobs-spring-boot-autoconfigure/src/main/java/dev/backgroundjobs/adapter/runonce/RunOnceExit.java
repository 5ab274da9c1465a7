package dev.backgroundjobs.adapter.runonce;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;

/**
 * Ends the process with what became of its message, also where it was asked to stop: the
 * JVM's own exit code after a SIGTERM would say that the run has failed.
 */
final class RunOnceExit {

	private static final AtomicReference<@Nullable Integer> CODE = new AtomicReference<>();

	private RunOnceExit() {
	}

	/**
	 * Register before the logging system does, whose handler then runs before: handlers
	 * run in the opposite order, once all contexts are closed.
	 */
	static void register() {
		SpringApplication.getShutdownHandlers().add(RunOnceExit::halt);
	}

	private static void halt() {
		Integer code = CODE.get();
		if (code != null) {
			Runtime.getRuntime().halt(code);
		}
	}

	/**
	 * End the process.
	 * @param code its exit code, also when it is ending already
	 */
	static void exit(int code) {
		CODE.set(code);
		System.exit(code);
	}

}
