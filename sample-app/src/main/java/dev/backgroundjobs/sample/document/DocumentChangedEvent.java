package dev.backgroundjobs.sample.document;

import org.jspecify.annotations.Nullable;

/**
 * Says that a document changed, or how far its conversion is.
 *
 * @param document the document as it is now
 * @param percent how far a running conversion is, or {@code null} when it does not run
 */
public record DocumentChangedEvent(Document document, @Nullable Integer percent) {

}
