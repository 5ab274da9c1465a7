package dev.backgroundjobs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.message.JobMessage;

/**
 * A backend that writes down what it is given, and fails when told to.
 */
public class RecordingJobBackend implements JobBackend {

	private final String name;

	private final BackendCapabilities capabilities;

	/** What was sent, in order. */
	public final List<Sent> sent = new ArrayList<>();

	/** Sizes of the batches that came. */
	public final List<Integer> batches = new ArrayList<>();

	/** Called before a message is taken. */
	public Consumer<JobMessage> before = (message) -> {
	};

	public RecordingJobBackend(String name, BackendCapabilities capabilities) {
		this.name = name;
		this.capabilities = capabilities;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public String enqueue(JobMessage message) {
		this.before.accept(message);
		this.sent.add(new Sent(message, null));
		return this.name + "-" + this.sent.size();
	}

	@Override
	public String enqueueAt(JobMessage message, Instant time) {
		this.before.accept(message);
		this.sent.add(new Sent(message, time));
		return this.name + "-" + this.sent.size();
	}

	@Override
	public List<SendResult> enqueueAll(List<JobMessage> messages) {
		this.batches.add(messages.size());
		return JobBackend.super.enqueueAll(messages);
	}

	@Override
	public BackendCapabilities capabilities() {
		return this.capabilities;
	}

	/**
	 * Return the only message that was sent.
	 * @return the message
	 */
	public JobMessage onlyMessage() {
		if (this.sent.size() != 1) {
			throw new AssertionError("Expected one message, got " + this.sent);
		}
		return this.sent.get(0).message();
	}

	/**
	 * Return the first argument list of every message.
	 * @return the arguments as JSON
	 */
	public List<String> args() {
		return this.sent.stream().map((sent) -> sent.message().args()).toList();
	}

	/**
	 * A message that was sent.
	 *
	 * @param message the message
	 * @param time the time, or {@code null} for at once
	 */
	public record Sent(JobMessage message, @org.jspecify.annotations.Nullable Instant time) {
	}

}
