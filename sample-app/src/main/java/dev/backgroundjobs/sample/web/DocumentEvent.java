package dev.backgroundjobs.sample.web;

import java.util.List;
import java.util.UUID;

import dev.backgroundjobs.sample.document.Document;
import dev.backgroundjobs.sample.document.DocumentChangedEvent;
import dev.backgroundjobs.sample.document.DocumentState;
import org.jspecify.annotations.Nullable;

/**
 * What the page is told about a document: the same as {@link DocumentView}, and how far
 * its conversion is.
 */
record DocumentEvent(UUID id, String name, DocumentState state, int attempt, @Nullable String error,
		List<String> warnings, @Nullable Integer percent) {

	static DocumentEvent of(DocumentChangedEvent event) {
		Document document = event.document();
		return new DocumentEvent(document.id(), document.name(), document.state(), document.attempt(), document.error(),
				document.warnings(), event.percent());
	}

}
