package dev.backgroundjobs.autoconfigure;

import java.util.List;

import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.execution.JobExecutor;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Says whether this instance takes messages. Asks no platform, since a probe that fails
 * with the platform would restart instances that work.
 */
final class JobsHealthIndicator extends AbstractHealthIndicator {

	private final QueueRouter router;

	private final DeliveryProcessor processor;

	private final JobExecutor executor;

	private final List<HealthDetails> details;

	JobsHealthIndicator(QueueRouter router, DeliveryProcessor processor, JobExecutor executor,
			List<HealthDetails> details) {
		this.router = router;
		this.processor = processor;
		this.executor = executor;
		this.details = List.copyOf(details);
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		boolean draining = this.processor.isDraining();
		(draining ? builder.outOfService() : builder.up()).withDetail("backend", this.router.defaultBackend().name())
			.withDetail("draining", draining)
			.withDetail("running", this.executor.running());
		this.details.forEach((each) -> builder.withDetails(each.details()));
	}

}
