package dev.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.Map;

import dev.backgroundjobs.delivery.ProcessorSettings.LogDeadMessage;
import dev.backgroundjobs.delivery.ProcessorSettings.SigningRequired;
import dev.backgroundjobs.message.KeyMaterial;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of background jobs.
 *
 * @param backend Name of the backend that jobs are sent to.
 * @param enqueueAfterCommit Whether jobs enqueued in a transaction are sent after its
 * commit.
 * @param maxRedeliveries Number of redeliveries by the platform after which a job is dead
 * without a run.
 * @param earlyTolerance How much too early a job may be run.
 * @param deadlineReserve Part of a platform's time limit that is kept for the successor
 * and the answer. 10 %, between 2 s and 15 s, by default.
 * @param endpoint The endpoint that platforms deliver to.
 * @param retry Retries of failed jobs, where a job does not say otherwise.
 * @param iteration Iterations, which run in slices.
 * @param events Events that start jobs.
 * @param unknownJob Messages of jobs that are not declared here.
 * @param signing Signatures of messages.
 * @param encryption Encryption of messages.
 * @param deadLetter Jobs whose attempts are used up.
 * @param queues Settings by queue.
 */
@ConfigurationProperties("jobs")
public record JobsProperties(@DefaultValue("local") String backend, @DefaultValue("true") boolean enqueueAfterCommit,
		@DefaultValue("20") int maxRedeliveries, @DefaultValue("2s") Duration earlyTolerance,
		@Nullable Duration deadlineReserve, @DefaultValue Endpoint endpoint, @DefaultValue Retry retry,
		@DefaultValue Iteration iteration, @DefaultValue Events events, @DefaultValue UnknownJob unknownJob,
		@DefaultValue Signing signing, @DefaultValue Encryption encryption, @DefaultValue DeadLetter deadLetter,
		@DefaultValue Map<String, Queue> queues) {

	/**
	 * The endpoint that platforms deliver to.
	 *
	 * @param enabled Whether there is an endpoint.
	 * @param path Path of the endpoint.
	 * @param requestTimeout Time after which the platform gives up on a request. 300 s on
	 * Cloud Run by default, no limit elsewhere.
	 * @param batchConcurrency Number of messages of one request that run at once, as when
	 * Lambda delivers a batch of SQS.
	 * @param trust Who checks callers: this application, or the platform in front of it.
	 */
	public record Endpoint(@DefaultValue("true") boolean enabled, @DefaultValue("/_jobs") String path,
			@Nullable Duration requestTimeout, @DefaultValue("10") int batchConcurrency,
			@DefaultValue("verified") Trust trust) {
	}

	/**
	 * Who checks the callers of the endpoint.
	 */
	public enum Trust {

		/** This application: by authenticators and signatures. */
		VERIFIED,

		/**
		 * The platform: whoever reaches the endpoint is trusted. Only for a private Cloud
		 * Run service.
		 */
		PLATFORM

	}

	/**
	 * Retries of failed jobs.
	 *
	 * @param maxAttempts Number of attempts, the first run included.
	 * @param backoff Wait between attempts.
	 */
	public record Retry(@DefaultValue("5") int maxAttempts, @DefaultValue Backoff backoff) {
	}

	/**
	 * Wait between attempts.
	 *
	 * @param delay Wait after the first failed attempt.
	 * @param multiplier Factor by which the wait grows with every attempt.
	 * @param maxDelay Longest wait, before the random part is added.
	 * @param jitterFactor Largest random part of the wait, as a fraction of it, 0 to 1.
	 */
	public record Backoff(@DefaultValue("3s") Duration delay, @DefaultValue("2") double multiplier,
			@DefaultValue("1h") Duration maxDelay, @DefaultValue("0.15") double jitterFactor) {
	}

	/**
	 * Iterations, which run in slices.
	 *
	 * @param maxSlice Longest slice. A job can lower it, and a platform's deadline does.
	 * @param sliceDelay Time between a slice and the next, so that an instance that shuts
	 * down does not get it again.
	 */
	public record Iteration(@DefaultValue("5m") Duration maxSlice, @DefaultValue("1s") Duration sliceDelay) {
	}

	/**
	 * Events that start jobs.
	 *
	 * @param unmatched What is done with events that start no job.
	 */
	public record Events(@DefaultValue("acknowledge") Unmatched unmatched) {
	}

	/**
	 * What is done with events that start no job.
	 */
	public enum Unmatched {

		/** Acknowledge them, with a warning for each type. */
		ACKNOWLEDGE,

		/** Have them delivered again, as befits a job that the next version declares. */
		RELEASE

	}

	/**
	 * Messages of jobs that are not declared here.
	 *
	 * @param maxDeferrals Number of times such a message is put off, 30 s each, before it
	 * is dead.
	 */
	public record UnknownJob(@DefaultValue("40") int maxDeferrals) {
	}

	/**
	 * Signatures of messages.
	 *
	 * @param keyId Id of the key that messages are signed with. Nothing is signed by
	 * default.
	 * @param keys Accepted keys by id: base64 of 32 or more random bytes for HS256, or an
	 * Ed25519 JWK for EdDSA.
	 * @param required What is done with messages that are not signed, encrypted or not,
	 * from callers that are trusted otherwise.
	 * @param audience Application that signatures are meant for. The application's name
	 * by default.
	 * @param maxAge How long a signature is accepted after the later of its making and
	 * the time the job is to run.
	 */
	public record Signing(@Nullable String keyId, @DefaultValue Map<String, KeyMaterial> keys,
			@DefaultValue("false") SigningRequired required, @Nullable String audience,
			@DefaultValue("32d") Duration maxAge) {
	}

	/**
	 * Encryption of messages. It vouches for nobody: what is encrypted is signed besides
	 * where signing has a key, and must be where the caller is not trusted.
	 *
	 * @param keyId Id of the key that messages are encrypted with. Nothing is encrypted
	 * by default.
	 * @param keys Accepted keys by id: base64 of exactly 32 random bytes, for A256GCM.
	 */
	public record Encryption(@Nullable String keyId, @DefaultValue Map<String, KeyMaterial> keys) {
	}

	/**
	 * Jobs whose attempts are used up.
	 *
	 * @param logMessage When the message of a dead job is logged. By default only where
	 * messages are encrypted, in that form.
	 * @param expired Whether a job that has expired before its first run is dead.
	 */
	public record DeadLetter(@DefaultValue("encrypted") LogDeadMessage logMessage,
			@DefaultValue("false") boolean expired) {
	}

	/**
	 * Settings of one queue.
	 *
	 * @param backend Name of the queue's backend. That of 'jobs.backend' by default.
	 * @param delayBackend Name of the backend that holds messages the queue's own cannot
	 * wait for.
	 * @param deadLetter Queue that keeps the queue's dead jobs.
	 */
	public record Queue(@Nullable String backend, @Nullable String delayBackend, @Nullable String deadLetter) {

		// An empty environment variable means: not set.
		public Queue {
			backend = textOrNull(backend);
			delayBackend = textOrNull(delayBackend);
			deadLetter = textOrNull(deadLetter);
		}

		private static @Nullable String textOrNull(@Nullable String value) {
			return StringUtils.hasText(value) ? value : null;
		}

	}

}
