package dev.backgroundjobs.delivery;

import java.time.Duration;

/**
 * The limits of the pipe.
 *
 * @param signingRequired what is done with messages that are not signed
 * @param maxRedeliveries after how many redeliveries by the platform a message is dead
 * without a run
 * @param maxDeferrals how often a message of an unknown job is put off before it is dead
 * @param earlyTolerance how much too early a message may be run
 * @param logDeadMessage when a dead message is logged
 * @param expiredIsDead whether an expired job is dead instead of acknowledged
 */
public record ProcessorSettings(SigningRequired signingRequired, int maxRedeliveries, int maxDeferrals,
		Duration earlyTolerance, LogDeadMessage logDeadMessage, boolean expiredIsDead) {

	/** The defaults of the properties. */
	public static final ProcessorSettings DEFAULTS = new ProcessorSettings(SigningRequired.FALSE, 20, 40,
			Duration.ofSeconds(2), LogDeadMessage.ENCRYPTED, false);

	/**
	 * What is done with messages that are not signed and come from a trusted caller.
	 */
	public enum SigningRequired {

		/** They are accepted. */
		FALSE,

		/** They are accepted, with a warning in the log, once a minute for each job. */
		WARN,

		/** They are refused. */
		TRUE

	}

	/**
	 * When a dead message is logged.
	 */
	public enum LogDeadMessage {

		/** Never. */
		NEVER,

		/** Only where messages are encrypted, in that form. */
		ENCRYPTED,

		/**
		 * Always, in the form in which it travels: arguments and all, unless encrypted.
		 */
		ALWAYS

	}

}
