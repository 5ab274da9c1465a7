package dev.backgroundjobs.adapter.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.ConflictException;
import software.amazon.awssdk.services.scheduler.model.CreateScheduleRequest;

/**
 * Holds messages until their time: each is a schedule that delivers it once, to the SQS
 * queue or function that its queue has. Safe for use by several threads.
 */
final class SchedulerJobBackend implements JobBackend {

	static final String NAME = "eventbridge-scheduler";

	// A limit of ours: longer waits hop once a year, so that no schedule outlives what it
	// names for long.
	private static final Duration MAX_DELAY = Duration.ofDays(365);

	// An input has 256 KB, of which a protected form's quotation marks take two bytes.
	static final int MAX_MESSAGE_BYTES = 256_000 - 1_000;

	private static final BackendCapabilities CAPABILITIES = BackendCapabilities.none()
		.withMaxDelay(MAX_DELAY)
		.withMaxMessageBytes(MAX_MESSAGE_BYTES)
		.withDurable()
		.withDeduplicates()
		.withDelaysOnly();

	private final Supplier<SchedulerClient> client;

	private final SchedulerSchedules schedules;

	private final SchedulerFailures failures;

	private final JobMessageCodec codec;

	private final BackendRequests requests;

	SchedulerJobBackend(Supplier<SchedulerClient> client, SchedulerSchedules schedules, SchedulerFailures failures,
			JobMessageCodec codec, BackendRequests requests) {
		this.client = client;
		this.schedules = schedules;
		this.failures = failures;
		this.codec = codec;
		this.requests = requests;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public String enqueue(JobMessage message) {
		throw new JobException("Backend 'eventbridge-scheduler' only holds messages until their time, and " + message
				+ " is to run at once: name it in 'jobs.queues." + message.destination()
				+ ".delay-backend', and in '.backend' one that runs jobs, such as sqs or lambda");
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		EncodedMessage encoded = this.codec.encode(message);
		CreateScheduleRequest request = this.schedules.request(message, encoded, time);
		this.requests.count(NAME, "enqueue", encoded.bytes().length);
		try {
			this.client.get().createSchedule(request);
		}
		catch (ConflictException ex) {
			// A name of our own that is there already was created by a call whose answer
			// was lost.
			if (SchedulerSchedules.isNamedByUser(message)) {
				throw new DuplicateMessageException(
						"A schedule with the key of " + message + " was created before: " + ex.getMessage());
			}
		}
		catch (SdkException ex) {
			throw this.failures.of(ex, message.destination(), request.groupName());
		}
		return request.name();
	}

	@Override
	public BackendCapabilities capabilities() {
		return CAPABILITIES;
	}

}
