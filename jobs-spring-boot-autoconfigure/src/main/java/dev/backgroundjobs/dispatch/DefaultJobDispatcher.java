package dev.backgroundjobs.dispatch;

import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.PartialEnqueueException;
import dev.backgroundjobs.PartialEnqueueException.Failure;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;
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

	private final EnqueueObserver observer;

	private final JobOptions options;

	/**
	 * Create a dispatcher.
	 * @param factory makes messages of calls
	 * @param sender sends them
	 * @param router knows the backends
	 * @param outbox waits for commits, or {@code null} to send at once
	 * @param observer observes calls
	 */
	public DefaultJobDispatcher(MessageFactory factory, MessageSender sender, QueueRouter router,
			@Nullable AfterCommitOutbox outbox, EnqueueObserver observer) {
		this(factory, sender, router, outbox, observer, JobOptions.none());
	}

	private DefaultJobDispatcher(MessageFactory factory, MessageSender sender, QueueRouter router,
			@Nullable AfterCommitOutbox outbox, EnqueueObserver observer, JobOptions options) {
		this.factory = factory;
		this.sender = sender;
		this.router = router;
		this.outbox = outbox;
		this.observer = observer;
		this.options = options;
	}

	@Override
	public JobDispatcher with(JobOptions options) {
		return new DefaultJobDispatcher(this.factory, this.sender, this.router, this.outbox, this.observer,
				this.options.overriddenBy(options));
	}

	@Override
	public EnqueuedJob enqueue(JobCall call) {
		return this.observer.observe((observed) -> enqueue(call, observed));
	}

	private EnqueuedJob enqueue(JobCall call, @Nullable EnqueueObservationContext observed) {
		JobMessage message = this.factory.create(call, this.options, observed);
		this.observer.describe(observed, message, backend(message));
		if (observed != null) {
			observed.single(message.id());
		}
		if (this.outbox != null && waits(message) && this.outbox.add(List.of(message))) {
			return ended(observed, "waiting", enqueued(message, null, false));
		}
		try {
			return ended(observed, "sent", enqueued(message, this.sender.send(message), false));
		}
		catch (DuplicateMessageException ex) {
			return ended(observed, "duplicate", enqueued(message, null, message.deduplicationKey() != null));
		}
		catch (JobException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw notSent(message, ex);
		}
	}

	private static <T> T ended(@Nullable EnqueueObservationContext observed, String outcome, T result) {
		if (observed != null) {
			observed.outcome(outcome);
		}
		return result;
	}

	@Override
	public List<EnqueuedJob> enqueueAll(Collection<JobCall> calls) {
		return this.observer.observe((observed) -> enqueueAll(List.copyOf(calls), observed));
	}

	private List<EnqueuedJob> enqueueAll(List<JobCall> all, @Nullable EnqueueObservationContext observed) {
		if (observed != null) {
			observed.bulk(all.size());
		}
		Map<Integer, JobMessage> messages = new TreeMap<>();
		Map<Integer, Failure> failed = new TreeMap<>();
		Set<String> ids = new HashSet<>();
		for (int i = 0; i < all.size(); i++) {
			try {
				JobMessage message = this.factory.create(all.get(i), this.options, observed);
				this.observer.describe(observed, message, backend(message));
				if (!ids.add(message.id())) {
					throw new JobException("JobOptions.id '" + message.id() + "' is given to several calls, of which a "
							+ "backend would take one: give each its own");
				}
				messages.put(i, message);
			}
			catch (JobException ex) {
				failed.put(i, new Failure(all.get(i), ex));
			}
		}
		Map<Integer, EnqueuedJob> enqueued = new TreeMap<>(keep(messages));
		boolean waits = !enqueued.isEmpty();
		messages.keySet().removeAll(enqueued.keySet());
		send(messages, all, enqueued, failed);
		if (!failed.isEmpty()) {
			throw new PartialEnqueueException(List.copyOf(enqueued.values()), List.copyOf(failed.values()));
		}
		return ended(observed, waits ? "waiting" : "sent", List.copyOf(enqueued.values()));
	}

	// A backend that takes part in the transaction itself need not wait for it.
	private Map<Integer, EnqueuedJob> keep(Map<Integer, JobMessage> messages) {
		Map<Integer, EnqueuedJob> kept = new TreeMap<>();
		List<JobMessage> waiting = messages.values().stream().filter(this::waits).toList();
		if (this.outbox != null && this.outbox.add(waiting)) {
			messages.forEach((index, message) -> {
				if (waits(message)) {
					kept.put(index, enqueued(message, null, false));
				}
			});
		}
		return kept;
	}

	private void send(Map<Integer, JobMessage> messages, List<JobCall> calls, Map<Integer, EnqueuedJob> enqueued,
			Map<Integer, Failure> failed) {
		Iterator<SendResult> results = this.sender.sendAll(List.copyOf(messages.values())).iterator();
		messages.forEach((index, message) -> {
			SendResult result = results.next();
			if (result instanceof SendResult.Sent sent) {
				enqueued.put(index, enqueued(message, sent.backendId(), false));
			}
			else if (result instanceof SendResult.Failed failure) {
				failed.put(index, new Failure(calls.get(index),
						(failure.cause() instanceof JobException known) ? known : notSent(message, failure.cause())));
			}
			else {
				enqueued.put(index, enqueued(message, null, message.deduplicationKey() != null));
			}
		});
	}

	private boolean waits(JobMessage message) {
		return !this.router.route(message.queue()).capabilities().transactional();
	}

	private JobException notSent(JobMessage message, RuntimeException cause) {
		return new JobException("Job '" + message.job() + "' could not be sent to queue '" + message.queue()
				+ "' on backend '" + backend(message) + "': " + cause.getMessage(), cause);
	}

	private String backend(JobMessage message) {
		return this.router.route(message.queue()).backend().name();
	}

	static EnqueuedJob enqueued(JobMessage message, @Nullable String backendId, boolean duplicate) {
		return new EnqueuedJob(message.id(), message.job(), message.queue(), message.runAt(), backendId, duplicate);
	}

}
