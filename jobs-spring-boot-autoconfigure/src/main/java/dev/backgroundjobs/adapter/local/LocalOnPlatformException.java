package dev.backgroundjobs.adapter.local;

import java.util.List;

import dev.backgroundjobs.autoconfigure.InvalidJobsConfigurationException;

/**
 * The {@code local} backend is the default on a platform that stops instances at will.
 */
class LocalOnPlatformException extends InvalidJobsConfigurationException {

	LocalOnPlatformException(String platform) {
		super(List.of("No backend is chosen on " + platform
				+ ", where the default 'local' loses jobs: the platform stops "
				+ "instances, and jobs wait in their memory. Set 'jobs.backend' to a backend that keeps messages outside "
				+ "the process, or write out 'jobs.backend=local' if losing them is all right"));
	}

}
