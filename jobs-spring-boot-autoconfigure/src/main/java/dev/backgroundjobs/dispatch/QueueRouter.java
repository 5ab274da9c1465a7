package dev.backgroundjobs.dispatch;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.MessageLimits;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;

/**
 * Knows the backend of every queue. Safe for use by several threads.
 */
public final class QueueRouter {

	private static final int MAX_ROUTES = 1_000;

	private static final QueueSettings DEFAULTS = new QueueSettings(null, null, null);

	private final Map<String, JobBackend> backends = new TreeMap<>();

	private final Map<String, QueueSettings> settings = new LinkedHashMap<>();

	private final JobBackend defaultBackend;

	private final Map<String, Route> routes = new ConcurrentHashMap<>();

	/**
	 * Create a router.
	 * @param backends the backends there are
	 * @param defaultBackend the name of the backend of queues without settings
	 * @param queues settings by queue; dashes and capitals in the key do not matter
	 * @throws UnknownBackendException when settings name a backend that there is not
	 */
	public QueueRouter(Collection<JobBackend> backends, String defaultBackend, Map<String, QueueSettings> queues) {
		for (JobBackend backend : backends) {
			JobBackend other = this.backends.put(MessageNames.withoutDashes(backend.name()), backend);
			if (other != null) {
				throw new IllegalStateException("Two backends have the name '" + backend.name() + "': "
						+ other.getClass().getName() + " and " + backend.getClass().getName() + ". Rename one");
			}
		}
		Map<String, String> unknown = new TreeMap<>();
		check("jobs.backend", defaultBackend, unknown);
		Map<String, String> keys = new LinkedHashMap<>();
		queues.forEach((queue, setting) -> {
			String other = keys.put(MessageNames.withoutDashes(queue), queue);
			if (other != null) {
				throw new IllegalStateException("Properties 'jobs.queues." + queue + "' and 'jobs.queues." + other
						+ "' differ only in dashes, which environment variables cannot carry: rename one queue");
			}
			check("jobs.queues." + queue + ".backend", setting.backend(), unknown);
			check("jobs.queues." + queue + ".delay-backend", setting.delayBackend(), unknown);
			this.settings.put(MessageNames.withoutDashes(queue), setting);
		});
		if (!unknown.isEmpty()) {
			throw new UnknownBackendException(unknown, this.backends.values().stream().map(JobBackend::name).toList());
		}
		this.defaultBackend = get(defaultBackend);
	}

	private void check(String property, @Nullable String name, Map<String, String> unknown) {
		if (name != null && !this.backends.containsKey(normalized(name))) {
			unknown.put(property, name);
		}
	}

	private JobBackend get(String name) {
		return Objects.requireNonNull(this.backends.get(normalized(name)));
	}

	private static String normalized(String name) {
		return MessageNames.withoutDashes(name.strip().replace('_', '-'));
	}

	/**
	 * Return where the messages of a queue go.
	 * @param queue the queue
	 * @return its route
	 */
	public Route route(String queue) {
		Route route = this.routes.get(queue);
		if (route == null) {
			QueueSettings own = this.settings.getOrDefault(MessageNames.withoutDashes(queue), DEFAULTS);
			route = new Route(queue, (own.backend() != null) ? get(own.backend()) : this.defaultBackend,
					(own.delayBackend() != null) ? get(own.delayBackend()) : null, own.deadLetter());
			// Names arrive in messages, too: others than ours are not kept for ever.
			if (this.routes.size() < MAX_ROUTES) {
				this.routes.put(queue, route);
			}
		}
		return route;
	}

	/**
	 * Return the backend of queues without settings.
	 * @return the backend
	 */
	public JobBackend defaultBackend() {
		return this.defaultBackend;
	}

	/**
	 * Return the largest message a queue takes first, encoded: the least of its backends,
	 * its dead-letter target and the endpoint, less what successors may add.
	 * @param queue the queue
	 * @return the limit
	 */
	public SizeLimit firstMessageLimit(String queue) {
		Route route = route(queue);
		SizeLimit limit = new SizeLimit(MessageLimits.MAX_BYTES, "the endpoint");
		limit = limit.orLess(route.backend(), "its");
		if (route.delayBackend() != null) {
			limit = limit.orLess(route.delayBackend(), "its delay");
		}
		if (route.deadLetter() != null) {
			limit = limit.orLess(route(route.deadLetter()).backend(), "its dead-letter queue's");
		}
		return limit;
	}

	/**
	 * The largest message that a queue takes.
	 *
	 * @param bytes the bytes that the one with the lowest limit takes
	 * @param of who that is, for messages
	 */
	public record SizeLimit(int bytes, String of) {

		/** Kept for what successors add: error, cursor and counts. */
		public static final int RESERVE = 8 * 1024;

		/**
		 * Return the largest first message.
		 * @return the bytes
		 */
		public int firstMessageBytes() {
			return this.bytes - RESERVE;
		}

		private SizeLimit orLess(JobBackend backend, String whose) {
			int max = backend.capabilities().maxMessageBytes();
			// Of two with the same limit the backend is the one to name.
			return (max <= this.bytes) ? new SizeLimit(max, whose + " backend '" + backend.name() + "'") : this;
		}

	}

	/**
	 * Where the messages of a queue go.
	 *
	 * @param queue the queue
	 * @param backend its backend
	 * @param delayBackend the backend that holds messages {@code backend} cannot wait
	 * for, or {@code null}
	 * @param deadLetter the queue that keeps dead jobs, or {@code null}
	 */
	public record Route(String queue, JobBackend backend, @Nullable JobBackend delayBackend,
			@Nullable String deadLetter) {

		/**
		 * Return what the queue's backend can do.
		 * @return the capabilities
		 */
		public BackendCapabilities capabilities() {
			return this.backend.capabilities(this.queue);
		}

		/**
		 * Return whether a message outlives the process whatever way it takes.
		 * @return whether all backends of the queue are durable
		 */
		public boolean isDurable() {
			return capabilities().durable()
					&& (this.delayBackend == null || this.delayBackend.capabilities().durable());
		}

		/**
		 * Return whether messages of a group are delivered one after the other, so that
		 * none may be put off or replaced.
		 * @return whether the queue keeps order
		 */
		public boolean isOrdered() {
			return capabilities().orderedQueues();
		}

		/**
		 * Return whether a message can wait, on whichever backend.
		 * @return whether the queue can delay
		 */
		public boolean canDelay() {
			boolean delays = this.delayBackend != null || !capabilities().maxDelay().isZero();
			return delays && !isOrdered();
		}

	}

}
