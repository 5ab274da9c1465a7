package dev.backgroundjobs.adapter.runonce;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.JobMessages;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.JobWorker;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.execution.Lease;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.MessageLimits;
import dev.backgroundjobs.message.UnreadableMessageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the one message that this process was started for. Waits with the shutdown until
 * it is settled.
 */
final class RunOnceWorker implements JobWorker {

	private static final Logger logger = LoggerFactory.getLogger(RunOnceWorker.class);

	private static final RunOncePlatform NOBODY = new NoPlatform();

	private final boolean hasRequest;

	private final DeliveryProcessor processor;

	private final JobMessages messages;

	private final BackendJobs jobs;

	private final Supplier<List<RunOncePlatform>> platforms;

	private final Supplier<RunOnceProcess> process;

	private final @Nullable String sender;

	private final CountDownLatch settled = new CountDownLatch(1);

	private volatile boolean running;

	RunOnceWorker(boolean hasRequest, DeliveryProcessor processor, JobMessages messages, BackendJobs jobs,
			Supplier<List<RunOncePlatform>> platforms, Supplier<RunOnceProcess> process, @Nullable String sender) {
		this.hasRequest = hasRequest;
		this.processor = processor;
		this.messages = messages;
		this.jobs = jobs;
		this.platforms = platforms;
		this.process = process;
		this.sender = sender;
	}

	@Override
	public boolean isExclusive() {
		return this.hasRequest;
	}

	@Override
	public void start() {
		// The message is taken when the application is ready.
	}

	/**
	 * Run the message on this thread.
	 */
	void run(RunOnceRequest request) {
		this.running = true;
		int code = RunOnce.EXIT_RELEASED;
		try {
			code = (request instanceof RunOnceRequest.Typed typed) ? runTyped(typed) : runDelivered(request);
		}
		catch (Throwable ex) {
			logger.error("The message is released", ex);
		}
		finally {
			// Before the shutdown goes on, which may be what ends the process.
			this.process.get().settled(code);
			this.settled.countDown();
		}
	}

	private int runTyped(RunOnceRequest.Typed typed) {
		JobMessage message;
		try {
			message = this.messages.of(typed.job(), typed.args());
		}
		catch (JobException ex) {
			logger.error("Nothing was run: {}", ex.getMessage());
			return RunOnce.EXIT_NEVER;
		}
		// Nobody else has it, so that what replaces it must be kept by its queue.
		Delivery delivery = Delivery.inProcess(message, NOBODY.name(), 0).with(Delivery.Trait.DURABLE);
		Settlement settlement = this.processor.process(delivery);
		if (!settlement.isAcknowledged()) {
			logger.error(
					"Job '{}' is not done, and nothing runs it again: backend '{}' of queue '{}' has not taken what "
							+ "would. Run it again when the cause is mended, or set 'jobs.queues.{}.backend' to a "
							+ "backend that keeps messages",
					message.job(), this.jobs.backendOf(message.queue()), message.queue(), message.queue());
		}
		return exitCode(NOBODY, settlement);
	}

	private int runDelivered(RunOnceRequest request) throws IOException {
		RunOncePlatform platform = this.platforms.get()
			.stream()
			.filter(RunOncePlatform::isHere)
			.findFirst()
			.orElse(NOBODY);
		if (platform == NOBODY && this.sender != null) {
			// Neither could it be asked who owns the message, nor would what replaces it
			// be
			// kept.
			logger.error("The message is released: backend '{}' has sent it, which is not configured here. Give this "
					+ "process the configuration of the application that sends, 'jobs.queues.<queue>.backend' or "
					+ "'jobs.backend' above all", this.sender);
			return RunOnce.EXIT_RELEASED;
		}
		if (platform.isOver()) {
			logger.info("The message was settled before or taken back: nothing is run");
			return RunOnce.EXIT_DONE;
		}
		byte[] body;
		try {
			body = read(request);
		}
		catch (IOException | InvalidPathException ex) {
			logger.error("The message is released: the file that variable '{}' names cannot be read: {}",
					RunOnce.MESSAGE_FILE, ex.toString());
			return RunOnce.EXIT_RELEASED;
		}
		Delivery delivery = Delivery.pulled(body, platform.name(), true, platform.redeliveries())
			.with(new Lease(platform::isOwned));
		Delivery.@Nullable Part part;
		try {
			Instant deadline = platform.deadline();
			delivery = (deadline != null) ? delivery.withDeadline(deadline) : delivery;
			part = platform.part();
		}
		catch (UnreadableMessageException ex) {
			logger.error("Nothing is run: the message {}", ex.getMessage());
			return RunOnce.EXIT_NEVER;
		}
		Settlement settlement = this.processor.process((part != null) ? delivery.as(part) : delivery);
		tell(platform, settlement);
		return exitCode(platform, settlement);
	}

	// What is settled stays settled: the exit code says it as well.
	private static void tell(RunOncePlatform platform, Settlement settlement) {
		try {
			platform.settled(settlement);
		}
		catch (RuntimeException ex) {
			logger.error("Platform '{}' could not be told that the message is settled as {}", platform.name(),
					settlement.tag(), ex);
		}
	}

	private static int exitCode(RunOncePlatform platform, Settlement settlement) {
		int code = platform.exitCode(settlement);
		logger.info("Settled as {}: exit code {}", settlement.tag(), code);
		return code;
	}

	private static byte[] read(RunOnceRequest request) throws IOException {
		if (request instanceof RunOnceRequest.InFile file) {
			try (InputStream in = Files.newInputStream(Path.of(file.path()))) {
				return withoutLineEnd(in.readNBytes(MessageLimits.MAX_BYTES + 1));
			}
		}
		return (request instanceof RunOnceRequest.Text text) ? text.text().getBytes(StandardCharsets.UTF_8)
				: new byte[0];
	}

	// An editor adds one, and no form of a message ends with one.
	private static byte[] withoutLineEnd(byte[] text) {
		int length = text.length;
		while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) {
			length--;
		}
		return Arrays.copyOf(text, length);
	}

	@Override
	public void stop(Duration grace) {
		if (!this.running) {
			return;
		}
		try {
			if (!this.settled.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
				logger.warn("The message was not settled within {} ms of the shutdown, and is released",
						grace.toMillis());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A person at a terminal, or a platform that has no adapter here.
	 */
	private static final class NoPlatform implements RunOncePlatform {

		@Override
		public String name() {
			return "run-once";
		}

		@Override
		public boolean isHere() {
			return true;
		}

	}

}
