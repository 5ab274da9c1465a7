package dev.backgroundjobs.sample.document;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An uploaded document. Kept as JSON beside its files.
 *
 * @param id the id
 * @param name the uploaded file's name, without a path
 * @param createdAt when it was uploaded
 * @param state where it is on its way
 * @param attempt the last attempt that was started, 0 before the first
 * @param error why the last attempt failed, in words for the user
 * @param warnings what the PDF lacks, in sentences for the user
 */
public record Document(UUID id, String name, Instant createdAt, DocumentState state, int attempt,
		@Nullable String error, List<String> warnings) {

	/**
	 * Start an attempt.
	 * @param attempt the attempt, from 1
	 * @return the running document
	 */
	public Document running(int attempt) {
		return new Document(this.id, this.name, this.createdAt, DocumentState.RUNNING, attempt, null, List.of());
	}

	/**
	 * Wait for the next attempt.
	 * @param error why the last one failed, or {@code null} when it did not
	 * @return the waiting document
	 */
	public Document queuedAgain(@Nullable String error) {
		return new Document(this.id, this.name, this.createdAt, DocumentState.QUEUED, this.attempt, error, List.of());
	}

	/**
	 * Give up.
	 * @param error why the last attempt failed
	 * @return the failed document
	 */
	public Document failed(String error) {
		return new Document(this.id, this.name, this.createdAt, DocumentState.FAILED, this.attempt, error, List.of());
	}

	/**
	 * Finish.
	 * @param warnings what the PDF lacks
	 * @return the done document
	 */
	public Document done(List<String> warnings) {
		return new Document(this.id, this.name, this.createdAt, DocumentState.DONE, this.attempt, null, warnings);
	}

}
