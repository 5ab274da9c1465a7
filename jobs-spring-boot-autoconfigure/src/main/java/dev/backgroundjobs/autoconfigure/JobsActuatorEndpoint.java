package dev.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.dispatch.QueueRouter.Route;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

import java.util.function.Supplier;

/**
 * The actuator endpoint {@code jobs}: which jobs there are and where they go. Read-only,
 * without arguments of jobs.
 */
@Endpoint(id = "jobs")
final class JobsActuatorEndpoint {

	private final Supplier<JobDefinitions> jobs;

	private final QueueRouter router;

	private final @Nullable String path;

	JobsActuatorEndpoint(Supplier<JobDefinitions> jobs, QueueRouter router, @Nullable String path) {
		this.jobs = jobs;
		this.router = router;
		this.path = path;
	}

	@ReadOperation
	Description describe() {
		List<Job> descriptions = this.jobs.get().all().stream().map(Job::of).toList();
		Map<String, Queue> queues = new TreeMap<>();
		descriptions.forEach((job) -> queues.put(job.queue(), Queue.of(this.router.route(job.queue()))));
		return new Description(this.router.defaultBackend().name(),
				(this.path != null) ? new EndpointPath(this.path) : null, descriptions, queues);
	}

	record Description(String backend, @Nullable EndpointPath endpoint, List<Job> jobs, Map<String, Queue> queues) {
	}

	record EndpointPath(String path) {
	}

	record Job(String name, List<String> aliases, String queue, int maxAttempts, @Nullable String timeout) {

		private static Job of(JobDefinition job) {
			Duration timeout = job.timeout();
			return new Job(job.name(), job.aliases(), job.queue(), job.maxAttempts(),
					(timeout != null) ? timeout.toString() : null);
		}

	}

	record Queue(String backend, Capabilities capabilities) {

		private static Queue of(Route route) {
			return new Queue(route.backend().name(), Capabilities.of(route.capabilities()));
		}

	}

	record Capabilities(String maxDelay, int maxMessageBytes, boolean durable, boolean deduplicates, boolean priorities,
			boolean orderedQueues, boolean transactional) {

		private static Capabilities of(BackendCapabilities can) {
			return new Capabilities(can.maxDelay().toString(), can.maxMessageBytes(), can.durable(), can.deduplicates(),
					can.priorities(), can.orderedQueues(), can.transactional());
		}

	}

}
