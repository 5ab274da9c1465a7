package dev.backgroundjobs.crash.application;

import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.delivery.DecodedRequest;
import dev.backgroundjobs.delivery.DeliveryDecoder;
import dev.backgroundjobs.delivery.DeliveryRequest;
import dev.backgroundjobs.execution.JobInterceptor;
import dev.backgroundjobs.history.HistoryEvent.Outcome;
import dev.backgroundjobs.history.HistoryEvent.Type;
import dev.backgroundjobs.history.HistoryLog;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.UnreadableMessageException;
import dev.backgroundjobs.message.UntrustedMessageException;
import org.jspecify.annotations.Nullable;

/**
 * Writes down the runs of all jobs. A run does not know its message, so it is looked at
 * when it is delivered, on the thread that runs it.
 */
final class Recorder implements DeliveryDecoder, JobInterceptor {

	private final ThreadLocal<Integer> seq = ThreadLocal.withInitial(() -> -1);

	private final HistoryLog history;

	private final JobMessageCodec codec;

	private final CrashSwitch crash;

	Recorder(HistoryLog history, JobMessageCodec codec, CrashSwitch crash) {
		this.history = history;
		this.codec = codec;
		this.crash = crash;
	}

	/**
	 * Look at a message and leave it to the library's own decoding.
	 */
	@Override
	public @Nullable DecodedRequest decode(DeliveryRequest request, byte[] body, boolean isTrusted) {
		this.crash.at(CrashPoint.BEFORE_DECODE);
		lookAt(body);
		return null;
	}

	void lookAt(byte[] body) {
		try {
			this.seq.set(this.codec.decode(body, false).message().seq());
		}
		catch (UntrustedMessageException | UnreadableMessageException ex) {
			this.seq.set(-1);
		}
	}

	@Override
	public void intercept(JobContext context, Run run) throws Throwable {
		this.crash.at(CrashPoint.BEFORE_RUN);
		record(Type.STARTED, context, "");
		Outcome outcome = Outcome.FAILED;
		try {
			run.proceed();
			outcome = Outcome.SUCCEEDED;
		}
		catch (DiscardJobException ex) {
			outcome = Outcome.DISCARDED;
			throw ex;
		}
		catch (InterruptedException ex) {
			outcome = Outcome.INTERRUPTED;
			throw ex;
		}
		catch (Throwable ex) {
			// No run here has a time limit that it reaches: only a shutdown interrupts.
			outcome = Thread.currentThread().isInterrupted() ? Outcome.INTERRUPTED : Outcome.FAILED;
			throw ex;
		}
		finally {
			record(Type.ENDED, context, outcome.name());
		}
	}

	/**
	 * Write down that the running job has done what it is for.
	 */
	void effect() {
		record(Type.EFFECT, JobContext.current(), "");
		this.crash.at(CrashPoint.AFTER_EFFECT);
	}

	private void record(Type type, JobContext context, String detail) {
		this.history.write(type, context.id(), this.seq.get(), context.attempt(), context.job(), detail);
	}

}
