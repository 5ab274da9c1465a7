package dev.backgroundjobs.sample.conversion;

import org.jspecify.annotations.Nullable;

/**
 * Thrown for a file that will never become a PDF, however often it is tried. The message
 * is for the person who uploaded it.
 */
class UnreadableDocumentException extends Exception {

	UnreadableDocumentException(String message) {
		this(message, null);
	}

	UnreadableDocumentException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
