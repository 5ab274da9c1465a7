package dev.backgroundjobs.autoconfigure;

import java.util.List;

import dev.backgroundjobs.definition.InvalidJobDefinitionsException;
import dev.backgroundjobs.dispatch.UnknownBackendException;
import dev.backgroundjobs.message.InvalidKeyException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Explains why an application with jobs does not start.
 */
final class JobsFailureAnalyzer implements FailureAnalyzer {

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			FailureAnalysis analysis = analyzeCause(cause);
			if (analysis != null) {
				return analysis;
			}
		}
		return null;
	}

	private static @Nullable FailureAnalysis analyzeCause(Throwable cause) {
		if (cause instanceof UnknownBackendException unknown) {
			return BackendCatalog.load().analyze(unknown);
		}
		if (cause instanceof ProcessedBackendsException processed) {
			return processed.analysis();
		}
		if (cause instanceof InvalidJobDefinitionsException invalid) {
			return new FailureAnalysis("Jobs are declared that cannot work:" + listed(invalid.problems()),
					"Change the declarations as described.", cause);
		}
		if (cause instanceof InvalidJobsConfigurationException invalid) {
			return new FailureAnalysis("Jobs are configured in a way that cannot work:" + listed(invalid.problems()),
					"Change the properties as described.", cause);
		}
		if (cause instanceof InvalidKeyException invalid) {
			return new FailureAnalysis(String.valueOf(invalid.getMessage()), "Change the key as described.", cause);
		}
		return null;
	}

	static String listed(List<String> lines) {
		StringBuilder text = new StringBuilder("\n");
		lines.forEach((line) -> text.append("\n    - ").append(line));
		return text.toString();
	}

}
