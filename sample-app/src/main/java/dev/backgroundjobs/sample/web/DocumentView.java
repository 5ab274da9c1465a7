package dev.backgroundjobs.sample.web;

import java.util.List;
import java.util.UUID;

import dev.backgroundjobs.sample.document.Document;
import dev.backgroundjobs.sample.document.DocumentState;
import org.jspecify.annotations.Nullable;

/**
 * A document as clients see it.
 *
 * @param id the id
 * @param name the uploaded file's name
 * @param state where it is on its way
 * @param attempt the last attempt that was started, 0 before the first
 * @param error why the last attempt failed, or {@code null}
 * @param warnings what the PDF lacks
 */
record DocumentView(UUID id, String name, DocumentState state, int attempt, @Nullable String error,
		List<String> warnings) {

	static DocumentView of(Document document) {
		return new DocumentView(document.id(), document.name(), document.state(), document.attempt(), document.error(),
				document.warnings());
	}

}
