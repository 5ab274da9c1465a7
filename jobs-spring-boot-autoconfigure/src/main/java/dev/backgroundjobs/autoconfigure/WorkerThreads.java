package dev.backgroundjobs.autoconfigure;

import java.util.concurrent.ThreadFactory;

import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Threads of workers: virtual ones where {@code spring.threads.virtual.enabled} says so,
 * otherwise daemon threads, so that none that hangs keeps the process.
 */
public final class WorkerThreads {

	private WorkerThreads() {
	}

	/**
	 * Return a factory of threads.
	 * @param prefix what the threads' names begin with
	 * @param environment says whether they are virtual
	 * @return the factory
	 */
	public static ThreadFactory factory(String prefix, Environment environment) {
		if (Threading.VIRTUAL.isActive(environment)) {
			return new VirtualThreadTaskExecutor(prefix).getVirtualThreadFactory();
		}
		CustomizableThreadFactory factory = new CustomizableThreadFactory(prefix);
		factory.setDaemon(true);
		return factory;
	}

}
