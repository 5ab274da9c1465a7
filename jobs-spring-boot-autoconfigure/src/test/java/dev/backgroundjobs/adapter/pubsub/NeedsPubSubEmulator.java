package dev.backgroundjobs.adapter.pubsub;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tests that run against Google's emulator. Without one they are skipped, and say so;
 * with the environment variable {@code JOBS_REQUIRE_COUNTERPARTIES=true} or
 * {@code CI=true} they fail.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPubSubEmulator.Condition.class)
@interface NeedsPubSubEmulator {

	/**
	 * Looks for the emulator.
	 */
	class Condition implements ExecutionCondition {

		private static final Logger logger = LoggerFactory.getLogger(NeedsPubSubEmulator.class);

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			if (PubSubEmulator.jar() != null) {
				return ConditionEvaluationResult.enabled("The Pub/Sub emulator is there");
			}
			String message = "SKIPPED: " + context.getDisplayName() + " needs Google's Pub/Sub emulator: install the "
					+ "Cloud SDK with its pubsub-emulator component, and have gcloud on the PATH";
			if (isRequired("JOBS_REQUIRE_COUNTERPARTIES") || isRequired("CI")) {
				throw new IllegalStateException(message + ". This build must not skip it");
			}
			logger.error(message);
			return ConditionEvaluationResult.disabled(message);
		}

		private static boolean isRequired(String variable) {
			return "true".equalsIgnoreCase(System.getenv(variable));
		}

	}

}
