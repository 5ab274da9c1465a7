package dev.backgroundjobs.crash.application;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.history.HistoryEvent.Type;
import dev.backgroundjobs.history.HistoryLog;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Sends messages to the test's platform.
 */
final class DriverJobBackend implements JobBackend {

	// Short, so that delays take several hops.
	private static final Duration MAX_DELAY = Duration.ofSeconds(1);

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final URI platform;

	private final String process;

	private final JobMessageCodec codec;

	private final HistoryLog history;

	private final CrashSwitch crash;

	private volatile boolean swallowing;

	DriverJobBackend(URI platform, String process, JobMessageCodec codec, HistoryLog history, CrashSwitch crash) {
		this.platform = platform;
		this.process = process;
		this.codec = codec;
		this.history = history;
		this.crash = crash;
	}

	/**
	 * Take successors for sent that are not.
	 */
	void swallow(boolean swallowing) {
		this.swallowing = swallowing;
	}

	@Override
	public String name() {
		return "driver";
	}

	@Override
	public BackendCapabilities capabilities() {
		return BackendCapabilities.none()
			.withMaxDelay(MAX_DELAY)
			.withDurable()
			.withDeduplicates()
			.withHoldsDeadLetters();
	}

	@Override
	public String enqueue(JobMessage message) {
		return send(message, null);
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		return send(message, time);
	}

	@Override
	public List<SendResult> enqueueAll(List<JobMessage> messages) {
		List<SendResult> results = new ArrayList<>();
		for (JobMessage message : messages) {
			if (!results.isEmpty()) {
				this.crash.at(CrashPoint.BETWEEN_SENDS);
			}
			results.add(SendResult.of(() -> enqueue(message)));
		}
		return results;
	}

	private String send(JobMessage message, @Nullable Instant time) {
		boolean successor = message.seq() > 0;
		boolean dead = message.target() != null;
		if (successor && !dead) {
			this.crash.at(CrashPoint.BEFORE_SUCCESSOR);
		}
		if (TransactionSynchronizationManager.isActualTransactionActive()) {
			this.crash.at(CrashPoint.AFTER_COMMIT);
		}
		String id = successor ? postSuccessor(message, time) : post(message, time);
		if (successor) {
			this.crash.at(dead ? CrashPoint.AFTER_DEAD_COPY : CrashPoint.AFTER_SUCCESSOR);
		}
		return id;
	}

	private String postSuccessor(JobMessage message, @Nullable Instant time) {
		try {
			return post(message, time);
		}
		catch (IllegalStateException ex) {
			if (this.swallowing) {
				return "swallowed";
			}
			throw ex;
		}
	}

	private String post(JobMessage message, @Nullable Instant time) {
		// The sample's own jobs have no caller who writes this down.
		boolean ofTheSample = !message.job().startsWith("crash.") && message.seq() == 0;
		if (ofTheSample) {
			this.history.write(Type.ENQUEUED, message.id(), -1, 0, message.job(), "");
		}
		EncodedMessage encoded = this.codec.encode(message);
		// A caller's own key names a job's first message, the delivery key all others.
		String name = (message.deduplicationKey() != null) ? message.deduplicationKey() : message.deliveryKey();
		HttpRequest request = HttpRequest.newBuilder(this.platform.resolve("/messages"))
			.timeout(Duration.ofSeconds(5))
			.header("Content-Type", encoded.mediaType())
			.header("Message-Sender", this.process)
			.header("Message-Name", name)
			.header("Message-Key", message.deliveryKey())
			.header("Message-Queue", message.destination())
			.header("Message-Time", String.valueOf((time != null) ? time.toEpochMilli() : 0))
			.POST(BodyPublishers.ofByteArray(encoded.bytes()))
			.build();
		HttpResponse<String> response = exchange(request);
		if (response.statusCode() == 409) {
			throw new DuplicateMessageException("The platform has taken " + name + " before");
		}
		if (response.statusCode() != 200) {
			throw new IllegalStateException("The platform did not take " + name + ": " + response.statusCode());
		}
		if (ofTheSample) {
			this.history.write(Type.ACCEPTED, message.id(), -1, 0, message.job(), "");
		}
		return response.body();
	}

	private HttpResponse<String> exchange(HttpRequest request) {
		try {
			return this.http.send(request, BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException("The platform does not answer", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
