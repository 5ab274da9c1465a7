package dev.backgroundjobs.adapter.runonce;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;

/**
 * Ends this process with what became of its message, whoever ends it: the JVM's own exit
 * code after a SIGTERM would say that the run has failed, and that of an application that
 * does nothing, that its message is done.
 */
final class RunOnceExit implements RunOnceProcess {

	// An application may have several contexts, one after the other.
	static final RunOnceExit INSTANCE = new RunOnceExit();

	private static final int EXIT_NOT_STARTED = 1;

	private final AtomicBoolean registered = new AtomicBoolean();

	private volatile int code = RunOnce.EXIT_RELEASED;

	private volatile boolean told;

	private volatile @Nullable Thread exiting;

	private RunOnceExit() {
	}

	// Registered before the logging system's handler, which therefore runs before: Spring
	// Boot closes all contexts, and then calls the handlers from the last to the first.
	@Override
	public void start(boolean printsOnly) {
		if (this.registered.compareAndSet(false, true)) {
			SpringApplication.getShutdownHandlers().add(this::end);
		}
		if (printsOnly) {
			// Whatever the application logs and prints, with its own logback.xml, too.
			System.setOut(standard(FileDescriptor.err));
		}
	}

	@Override
	public void failed() {
		if (!this.told) {
			this.told = true;
			this.code = EXIT_NOT_STARTED;
		}
		exitAfter(Thread.currentThread());
	}

	// A thread that the application has left would keep the process, and its platform
	// would wait for it as long as for a job. What the main thread does yet is its own.
	private void exitAfter(Thread thread) {
		if (!thread.getName().equals("main")) {
			return;
		}
		Thread waiting = new Thread(() -> {
			try {
				thread.join();
				exit();
			}
			catch (InterruptedException ex) {
				// Somebody ends the process otherwise.
			}
		}, "jobs-run-once-exit");
		waiting.setDaemon(true);
		waiting.start();
	}

	@Override
	public void settled(int code) {
		this.told = true;
		this.code = code;
	}

	@Override
	public void print(String text) {
		PrintStream out = standard(FileDescriptor.out);
		out.print(text);
		if (out.checkError()) {
			throw new UncheckedIOException(new IOException("Standard output takes no more: its reader or its disk"));
		}
	}

	@Override
	public void exit() {
		this.exiting = Thread.currentThread();
		System.exit(this.code);
	}

	private void end() {
		if (!this.told) {
			standard(FileDescriptor.err)
				.println("This process ends before it has done what it was started for: exit code " + this.code);
		}
		if (!decides(this.exiting)) {
			Runtime.getRuntime().halt(this.code);
		}
	}

	// Never closed, as those of the JVM.
	@SuppressWarnings("resource")
	private static PrintStream standard(FileDescriptor stream) {
		return new PrintStream(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
	}

	// Who runs the hooks has brought the exit code. Where that is ours, hooks of others
	// may take the time they need.
	private static boolean decides(@Nullable Thread thread) {
		return thread != null && Arrays.stream(thread.getStackTrace())
			.anyMatch((frame) -> frame.getClassName().equals("java.lang.ApplicationShutdownHooks"));
	}

}
