package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our Jobs in one namespace: listed now and then, and watched in between. A watch that
 * ends is opened again at the next look.
 */
final class WatchedNamespace {

	private static final Logger logger = LoggerFactory.getLogger(WatchedNamespace.class);

	private static final Map<String, String> OURS = Map.of(KubernetesNames.MANAGED_BY,
			KubernetesNames.MANAGED_BY_VALUE);

	// One that was cut off without a word is not known to be.
	private static final Duration RENEWAL = Duration.ofMinutes(10);

	// Those that have ended well are of no interest, and most.
	private static final String NOT_SUCCEEDED = "status.successful=0";

	private final String namespace;

	private final KubernetesApi api;

	private final DelayedJobs delayed;

	private final BiConsumer<Watcher.Action, ObservedJob> listener;

	private @Nullable Watch watch;

	private int opened;

	private long openedNanos;

	private boolean stopped;

	/**
	 * Create a namespace.
	 * @param listener is told of every Job that changes; called by one thread at a time
	 */
	WatchedNamespace(String namespace, KubernetesApi api, DelayedJobs delayed,
			BiConsumer<Watcher.Action, ObservedJob> listener) {
		this.namespace = namespace;
		this.api = api;
		this.delayed = delayed;
		this.listener = listener;
	}

	String namespace() {
		return this.namespace;
	}

	/**
	 * Read the Jobs, and watch them from then on.
	 * @param reader is given each of them, but those that are done
	 */
	void look(Consumer<ObservedJob> reader) {
		String version = this.api.list(this.namespace, OURS, NOT_SUCCEEDED, (job) -> {
			this.delayed.seen(job);
			reader.accept(job);
		});
		this.delayed.looked(this.namespace);
		open(version);
	}

	private synchronized void open(@Nullable String version) {
		Watch old = this.watch;
		if (old != null && System.nanoTime() - this.openedNanos > RENEWAL.toNanos()) {
			this.watch = null;
			old.close();
		}
		if (this.watch == null && !this.stopped) {
			this.openedNanos = System.nanoTime();
			int opened = ++this.opened;
			this.watch = this.api.watch(this.namespace, OURS, version, new Watcher<>() {

				@Override
				public void eventReceived(Action action, Job job) {
					if (job != null) {
						WatchedNamespace.this.listener.accept(action, new ObservedJob(job));
					}
				}

				@Override
				public void onClose(WatcherException cause) {
					closed(opened, cause);
				}

				// By ourselves, to renew it or for good.
				@Override
				public void onClose() {
				}

			});
		}
	}

	// A watch may say so when another is there already.
	private synchronized void closed(int opened, @Nullable WatcherException cause) {
		if (opened != this.opened) {
			return;
		}
		this.watch = null;
		if (cause != null && !cause.isHttpGone()) {
			logger.warn("Jobs in namespace '{}' are not watched for a while, only listed: {}", this.namespace,
					cause.getMessage());
		}
	}

	synchronized boolean isWatched() {
		return this.watch != null;
	}

	synchronized void stop() {
		this.stopped = true;
		Watch watch = this.watch;
		this.watch = null;
		if (watch != null) {
			watch.close();
		}
	}

}
