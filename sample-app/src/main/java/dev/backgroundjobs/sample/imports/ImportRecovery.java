package dev.backgroundjobs.sample.imports;

import java.io.IOException;

import dev.backgroundjobs.adapter.runonce.RunOnce;

import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Tidies up after a process that has died, before the first upload and the first job. Not
 * in one that runs a single message: the application is alive beside it, with uploads
 * that are not cut off and imports that nobody has abandoned.
 */
@Component
@Profile("!" + RunOnce.PROFILE)
class ImportRecovery {

	// No job runs and nobody uploads before all beans are there.
	ImportRecovery(ImportStore imports, ImportFiles files) throws IOException {
		files.deleteCutOffUploads();
		imports.interruptAbandoned();
	}

}
