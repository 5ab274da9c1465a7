package dev.backgroundjobs.adapter.runonce;

import dev.backgroundjobs.message.JobMessage;

/**
 * Shows what a backend would send for a message, for {@code --jobs.manifest}.
 */
public interface ManifestPrinter {

	/**
	 * Return the name of the backend.
	 * @return the value of {@code jobs.backend}
	 */
	String backend();

	/**
	 * Return what would be sent.
	 * @param message the message
	 * @return the manifest as YAML
	 */
	String manifest(JobMessage message);

}
