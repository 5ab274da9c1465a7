package dev.backgroundjobs.sample.web;

import java.time.Duration;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.backgroundjobs.sample.imports.Import;
import dev.backgroundjobs.sample.imports.ImportState;
import org.jspecify.annotations.Nullable;

/**
 * An import as clients see it. What is unknown or does not apply is left out.
 *
 * @param id the id
 * @param name the uploaded file's name
 * @param state where it is on its way
 * @param processed how many rows are done, failed ones too
 * @param total how many rows there are
 * @param rate rows per second, while it runs
 * @param slices how many slices there were
 * @param interruptions how many of them were stopped before the end
 * @param failedRows how many rows were malformed and skipped
 * @param remainingSeconds how long the rest takes at that rate, or {@code null}
 * @param error why it failed, or {@code null}
 */
@JsonInclude(Include.NON_NULL)
record ImportView(UUID id, String name, ImportState state, long processed, long total, double rate, int slices,
		int interruptions, long failedRows, @Nullable Long remainingSeconds, @Nullable String error) {

	static ImportView of(Import from) {
		Duration remaining = from.remaining();
		double rate = Math.round(10 * from.rate()) / 10.0;
		return new ImportView(from.id(), from.name(), from.state(), from.processed(), from.total(), rate, from.slices(),
				from.interruptions(), from.failedRows(), (remaining != null) ? remaining.toSeconds() : null,
				from.error());
	}

}
