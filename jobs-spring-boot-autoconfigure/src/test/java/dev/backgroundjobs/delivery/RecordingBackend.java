package dev.backgroundjobs.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.DuplicateMessageException;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;

/**
 * A platform that keeps what it is sent, refuses the same key twice, and fails on
 * purpose.
 */
final class RecordingBackend implements JobBackend {

	final List<JobMessage> sent = new ArrayList<>();

	final List<@Nullable Instant> times = new ArrayList<>();

	int failuresToCome;

	boolean loseAnswer;

	private final Set<String> keys = new HashSet<>();

	private final String name;

	private final BackendCapabilities capabilities;

	RecordingBackend(String name, BackendCapabilities capabilities) {
		this.name = name;
		this.capabilities = capabilities;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public String enqueue(JobMessage message) {
		return accept(message, null);
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		return accept(message, time);
	}

	private synchronized String accept(JobMessage message, @Nullable Instant time) {
		if (this.failuresToCome > 0) {
			this.failuresToCome--;
			throw new IllegalStateException("the platform is down");
		}
		if (!this.keys.add(message.deliveryKey())) {
			throw new DuplicateMessageException(message.deliveryKey());
		}
		this.sent.add(message);
		this.times.add(time);
		if (this.loseAnswer) {
			throw new DeadProcess();
		}
		return "r-" + this.sent.size();
	}

	@Override
	public BackendCapabilities capabilities() {
		return this.capabilities;
	}

	JobMessage only() {
		if (this.sent.size() != 1) {
			throw new AssertionError("Sent: " + this.sent);
		}
		return this.sent.get(0);
	}

	/**
	 * The process dies here.
	 */
	static final class DeadProcess extends Error {

		private static final long serialVersionUID = 1L;

	}

}
