package dev.backgroundjobs.sample.imports;

import java.util.UUID;

import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.execution.DiscardedJobEvent;
import dev.backgroundjobs.execution.JobProgressEvent;
import dev.backgroundjobs.execution.JobProgressEvent.Phase;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Writes down what the library tells about running imports: at the ends of slices and
 * once a second, never for each row.
 */
@Component
class ImportProgress {

	private final ImportStore imports;

	ImportProgress(ImportStore imports) {
		this.imports = imports;
	}

	@EventListener(condition = "#event.job == 'imports.run'")
	void goesOn(JobProgressEvent event) {
		if (event.phase() != Phase.COMPLETED) {
			this.imports.progress(UUID.fromString(event.id()),
					(event.phase() == Phase.STOPPED) ? ImportState.QUEUED : ImportState.RUNNING, event.progress(),
					(Long) event.cursor());
		}
	}

	@EventListener(condition = "#event.message.job == 'imports.run'")
	void isDiscarded(DiscardedJobEvent event) {
		Throwable cause = event.cause();
		String reason = String.valueOf(cause.getMessage());
		if (cause instanceof MalformedRowException) {
			reason = "More than %,d rows are malformed. %s".formatted(ImportJobs.MAX_FAILED_ROWS, reason);
		}
		else if (!(cause instanceof DiscardJobException)) {
			reason = "The rows could not be imported.";
		}
		this.imports.fail(UUID.fromString(event.message().id()), reason);
	}

	@EventListener(condition = "#event.message.job == 'imports.run'")
	void isDead(DeadJobEvent event) {
		this.imports.fail(UUID.fromString(event.message().id()),
				"The file could not be read or the database did not take rows, again and again.");
	}

}
