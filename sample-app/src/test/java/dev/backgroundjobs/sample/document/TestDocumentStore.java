package dev.backgroundjobs.sample.document;

import java.io.IOException;
import java.nio.file.Path;

import tools.jackson.databind.json.JsonMapper;

/**
 * Creates stores for the tests of other packages.
 */
public final class TestDocumentStore {

	private TestDocumentStore() {
	}

	public static DocumentStore in(Path directory) throws IOException {
		return new DocumentStore(new PaperworkProperties(directory, false), JsonMapper.builder().build(), (event) -> {
		});
	}

}
