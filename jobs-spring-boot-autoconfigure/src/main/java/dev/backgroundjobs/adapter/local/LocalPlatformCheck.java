package dev.backgroundjobs.adapter.local;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.message.JobMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/**
 * Keeps the {@code local} backend from being used by accident where instances come and
 * go.
 */
final class LocalPlatformCheck {

	private static final Logger logger = LoggerFactory.getLogger(LocalPlatformCheck.class);

	// The profile of a process that was started for one message.
	private static final String RUN_ONCE = "jobs-run-once";

	private final Environment environment;

	private final boolean onLambda;

	private final boolean runsOnce;

	LocalPlatformCheck(Environment environment) {
		this.environment = environment;
		this.onLambda = environment.containsProperty("AWS_LAMBDA_FUNCTION_NAME");
		this.runsOnce = environment.acceptsProfiles(Profiles.of(RUN_ONCE));
	}

	void check() {
		boolean written = this.environment.containsProperty("jobs.backend");
		check("K_SERVICE", "Cloud Run", written);
		check("AWS_LAMBDA_FUNCTION_NAME", "Lambda", written);
		if (this.environment.containsProperty("KUBERNETES_SERVICE_HOST")) {
			logger.warn("Backend 'local' keeps jobs in memory: a pod that is replaced forgets them. Set "
					+ "'jobs.backend' to a backend that keeps messages outside the process");
		}
	}

	/**
	 * Refuse what would be lost for certain: on Lambda nothing runs between invocations,
	 * and a process for one message ends with it.
	 */
	void checkEnqueue(JobMessage message) {
		if (this.onLambda) {
			throw new JobException("Job '" + message.job() + "' cannot be enqueued on backend 'local' on Lambda, where "
					+ "nothing runs after the answer: set 'jobs.queues." + message.queue() + ".backend'");
		}
		if (this.runsOnce) {
			throw new JobException("Job '" + message.job() + "' cannot be enqueued on backend 'local' in a process "
					+ "that runs one message and ends: set 'jobs.queues." + message.queue() + ".backend'");
		}
	}

	private void check(String variable, String platform, boolean written) {
		if (!written && this.environment.containsProperty(variable)) {
			throw new LocalOnPlatformException(platform);
		}
	}

}
