package dev.backgroundjobs.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.test.JobBackendContract;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * The contract over the backend of docs/own-backend.md.
 */
class DirectoryJobBackendTests extends JobBackendContract {

	@TempDir
	Path directory;

	@Override
	protected String backend() {
		return "directory";
	}

	@Override
	protected List<Class<?>> configurations() {
		return List.of(DirectoryJobConfiguration.class);
	}

	@Override
	protected List<String> properties() {
		return List.of("app.jobs-directory=" + this.directory);
	}

	@Override
	protected List<byte[]> keptMessages(ConfigurableApplicationContext context, String queue) {
		JobDirectory directory = context.getBean(JobDirectory.class);
		List<byte[]> kept = new ArrayList<>();
		try {
			for (JobFile file : directory.list("kept-" + queue)) {
				kept.add(directory.read("kept-" + queue, file));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return kept;
	}

}
