package dev.backgroundjobs.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.dispatch.QueueRouter.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether each job can live on the queue it is declared for.
 */
final class JobRouteCheck {

	private static final Logger logger = LoggerFactory.getLogger(JobRouteCheck.class);

	private final QueueRouter router;

	JobRouteCheck(QueueRouter router) {
		this.router = router;
	}

	List<String> problems(Iterable<JobDefinition> jobs) {
		List<String> problems = new ArrayList<>();
		List<String> forgetful = new ArrayList<>();
		for (JobDefinition job : jobs) {
			Route route = this.router.route(job.queue());
			if (route.isOrdered() && job.isIteration()) {
				problems.add("Job '" + job.name() + "' is an iteration on queue '" + job.queue()
						+ "', which keeps the order of its messages, so that a slice could not be followed by "
						+ "another: declare it on a queue without order");
			}
			if (job.onEvent() != null && !route.isDurable()) {
				checkEvents(job, route, problems, forgetful);
			}
		}
		if (!forgetful.isEmpty()) {
			logger.warn("Jobs {} are started by events, and the backends of their queues forget messages with the "
					+ "process: failed attempts are left to the platform that sent the event", forgetful);
		}
		return problems;
	}

	// Where all is in memory, as on a laptop, the platform keeps the event and repeats
	// it.
	private void checkEvents(JobDefinition job, Route route, List<String> problems, List<String> forgetful) {
		String backend = route.backend().name();
		if (this.router.defaultBackend().capabilities().durable()) {
			problems.add("Job '" + job.name() + "' is started by events, which their platform keeps, and its queue '"
					+ job.queue() + "' has backend '" + backend + "', which forgets retries with the process: set "
					+ "'jobs.queues." + job.queue() + ".backend' to one that keeps messages");
		}
		else {
			forgetful.add(job.name());
		}
	}

}
