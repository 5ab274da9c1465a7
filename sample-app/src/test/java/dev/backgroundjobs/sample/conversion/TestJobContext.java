package dev.backgroundjobs.sample.conversion;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobProgress;
import dev.backgroundjobs.ParallelPart;
import org.jspecify.annotations.Nullable;

/**
 * What a job that a test calls may ask about itself.
 */
final class TestJobContext implements JobContext {

	private final int attempt;

	private boolean stopRequested;

	TestJobContext(int attempt) {
		this.attempt = attempt;
	}

	@Override
	public String id() {
		return "id";
	}

	@Override
	public String job() {
		return "documents.convert";
	}

	@Override
	public String queue() {
		return "documents";
	}

	@Override
	public int attempt() {
		return this.attempt;
	}

	@Override
	public int maxAttempts() {
		return 5;
	}

	@Override
	public @Nullable Instant deadline() {
		return null;
	}

	@Override
	public boolean stopRequested() {
		return this.stopRequested;
	}

	@Override
	public void requestStop() {
		this.stopRequested = true;
	}

	@Override
	public Map<String, String> headers() {
		return Map.of();
	}

	@Override
	public void progress(long processed, @Nullable Long total) {
	}

	@Override
	public JobProgress progress() {
		return new JobProgress(null, 0, null, 0, null, 1, 0, 0, List.of());
	}

	@Override
	public @Nullable ParallelPart parallel() {
		return null;
	}

}
