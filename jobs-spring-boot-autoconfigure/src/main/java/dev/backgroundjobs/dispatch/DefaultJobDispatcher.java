package dev.backgroundjobs.dispatch;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.PartialEnqueueException;
import dev.backgroundjobs.PartialEnqueueException.Failure;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.message.ArgumentCodec;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.jspecify.annotations.Nullable;

/**
 * The {@link JobDispatcher}: from a call to a message, now or after the commit.
 */
public final class DefaultJobDispatcher implements JobDispatcher {

	private final MessageFactory factory;

	private final MessageSender sender;

	private final QueueRouter router;

	// Null where jobs are sent at once: switched off, or no Spring transactions there.
	private final @Nullable AfterCommitOutbox outbox;

	private final JobOptions options;

	/**
	 * Create a dispatcher.
	 * @param definitions the declared jobs, once they are known
	 * @param arguments writes arguments
	 * @param codec encodes messages
	 * @param router knows the backends
	 * @param outbox waits for commits, or {@code null} to send at once
	 * @param clock tells the time
	 */
	public DefaultJobDispatcher(Supplier<JobDefinitions> definitions, ArgumentCodec arguments, JobMessageCodec codec,
			QueueRouter router, @Nullable AfterCommitOutbox outbox, Clock clock) {
		this(new MessageFactory(definitions, arguments, codec, router, clock), new MessageSender(router, clock), router,
				outbox, JobOptions.none());
	}

	private DefaultJobDispatcher(MessageFactory factory, MessageSender sender, QueueRouter router,
			@Nullable AfterCommitOutbox outbox, JobOptions options) {
		this.factory = factory;
		this.sender = sender;
		this.router = router;
		this.outbox = outbox;
		this.options = options;
	}

	@Override
	public JobDispatcher with(JobOptions options) {
		return new DefaultJobDispatcher(this.factory, this.sender, this.router, this.outbox,
				this.options.overriddenBy(options));
	}

	@Override
	public EnqueuedJob enqueue(JobCall call) {
		JobMessage message = this.factory.create(call, this.options);
		if (this.outbox != null && waits(message) && this.outbox.add(List.of(message))) {
			return enqueued(message, null, false);
		}
		try {
			return enqueued(message, this.sender.send(message), false);
		}
		catch (DuplicateMessageException ex) {
			return enqueued(message, null, message.deduplicationKey() != null);
		}
		catch (JobException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw notSent(message, ex);
		}
	}

	@Override
	public List<EnqueuedJob> enqueueAll(Collection<JobCall> calls) {
		List<Failure> failed = new ArrayList<>();
		List<JobCall> accepted = new ArrayList<>();
		List<JobMessage> messages = new ArrayList<>();
		for (JobCall call : calls) {
			try {
				messages.add(this.factory.create(call, this.options));
				accepted.add(call);
			}
			catch (JobException ex) {
				failed.add(new Failure(call, ex));
			}
		}
		List<EnqueuedJob> enqueued = send(messages, accepted, failed);
		if (!failed.isEmpty()) {
			throw new PartialEnqueueException(enqueued, failed);
		}
		return enqueued;
	}

	private List<EnqueuedJob> send(List<JobMessage> messages, List<JobCall> calls, List<Failure> failed) {
		List<JobMessage> waiting = messages.stream().filter(this::waits).toList();
		if (this.outbox != null && waiting.size() == messages.size() && this.outbox.add(messages)) {
			return messages.stream().map((message) -> enqueued(message, null, false)).toList();
		}
		List<SendResult> results = this.sender.sendAll(messages);
		List<EnqueuedJob> enqueued = new ArrayList<>();
		for (int i = 0; i < results.size(); i++) {
			JobMessage message = messages.get(i);
			SendResult result = results.get(i);
			if (result instanceof SendResult.Sent sent) {
				enqueued.add(enqueued(message, sent.backendId(), false));
			}
			else if (result instanceof SendResult.Failed failure) {
				failed.add(new Failure(calls.get(i),
						(failure.cause() instanceof JobException known) ? known : notSent(message, failure.cause())));
			}
			else {
				enqueued.add(enqueued(message, null, message.deduplicationKey() != null));
			}
		}
		return enqueued;
	}

	private boolean waits(JobMessage message) {
		return !this.router.route(message.queue()).capabilities().transactional();
	}

	private JobException notSent(JobMessage message, RuntimeException cause) {
		return new JobException("Job '" + message.job() + "' could not be sent to queue '" + message.queue()
				+ "' on backend '" + this.router.route(message.queue()).backend().name() + "': " + cause.getMessage(),
				cause);
	}

	static EnqueuedJob enqueued(JobMessage message, @Nullable String backendId, boolean duplicate) {
		return new EnqueuedJob(message.id(), message.job(), message.queue(), message.runAt(), backendId, duplicate);
	}

}
