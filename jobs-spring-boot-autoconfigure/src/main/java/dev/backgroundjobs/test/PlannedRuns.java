package dev.backgroundjobs.test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.execution.JobInterceptor;
import dev.backgroundjobs.execution.SliceCheck;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * What a test has planned for the next runs and deliveries, by the name of the job.
 */
final class PlannedRuns implements JobInterceptor, SliceCheck {

	private static final long INTERRUPT_WITHIN_SECONDS = 10;

	private final ObjectProvider<DeliveryProcessor> processor;

	private final Map<String, Deque<JobInterceptor>> runs = new HashMap<>();

	private final Map<String, Deque<Mishap>> deliveries = new HashMap<>();

	private final Set<String> interruptedEverywhere = new HashSet<>();

	// What interrupts the slices that run now.
	private final Map<JobContext, LongPredicate> slices = new ConcurrentHashMap<>();

	PlannedRuns(ObjectProvider<DeliveryProcessor> processor) {
		this.processor = processor;
	}

	synchronized void fail(String job, Throwable failure) {
		add(this.runs, job, (context, run) -> {
			throw failure;
		});
	}

	synchronized void interrupt(String job) {
		add(this.runs, job, this::interrupt);
	}

	synchronized void interruptSlice(String job, LongPredicate afterItems) {
		add(this.runs, job, (context, run) -> {
			this.slices.put(context, afterItems);
			try {
				run.proceed();
			}
			finally {
				this.slices.remove(context);
			}
		});
	}

	synchronized void interruptEverywhere(String job) {
		this.interruptedEverywhere.add(job);
	}

	@Override
	public boolean interrupts(JobContext context, long items) {
		LongPredicate planned = this.slices.get(context);
		return (planned != null && planned.test(items)) || isInterruptedEverywhere(context.job());
	}

	private synchronized boolean isInterruptedEverywhere(String job) {
		return this.interruptedEverywhere.contains(job);
	}

	synchronized void befall(String job, Mishap mishap) {
		add(this.deliveries, job, mishap);
	}

	synchronized @Nullable Mishap nextMishap(String job) {
		return poll(this.deliveries, job);
	}

	synchronized void clear() {
		this.runs.clear();
		this.deliveries.clear();
		this.interruptedEverywhere.clear();
	}

	@Override
	public void intercept(JobContext context, Run run) throws Throwable {
		JobInterceptor planned = nextRun(context.job());
		if (planned != null) {
			planned.intercept(context, run);
		}
		else {
			run.proceed();
		}
	}

	private synchronized @Nullable JobInterceptor nextRun(String job) {
		return poll(this.runs, job);
	}

	// As a shutdown whose grace is almost over does, and after it the application starts
	// again.
	private void interrupt(JobContext context, Run run) throws Throwable {
		DeliveryProcessor processor = this.processor.getObject();
		processor.interruptRuns();
		try {
			awaitInterrupt();
			run.proceed();
		}
		finally {
			processor.open();
		}
	}

	// Another thread interrupts this one; the job is to find it so.
	private static void awaitInterrupt() {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(INTERRUPT_WITHIN_SECONDS);
		while (!Thread.currentThread().isInterrupted() && System.nanoTime() < end) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
		}
	}

	private static <T> void add(Map<String, Deque<T>> all, String job, T planned) {
		all.computeIfAbsent(job, (key) -> new ArrayDeque<>()).add(planned);
	}

	private static <T> @Nullable T poll(Map<String, Deque<T>> all, String job) {
		Deque<T> planned = all.get(job);
		return (planned != null) ? planned.poll() : null;
	}

	/**
	 * What can happen to a delivery whatever becomes of its run.
	 */
	enum Mishap {

		ACKNOWLEDGEMENT_LOST, DELIVERED_TWICE

	}

}
