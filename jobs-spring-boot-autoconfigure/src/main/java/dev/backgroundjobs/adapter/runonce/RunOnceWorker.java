package dev.backgroundjobs.adapter.runonce;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.autoconfigure.JobMessages;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.JobWorker;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.execution.Lease;
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

	private final @Nullable RunOnceRequest request;

	private final DeliveryProcessor processor;

	private final JobMessages messages;

	private final List<RunOncePlatform> platforms;

	private final CountDownLatch settled = new CountDownLatch(1);

	private volatile boolean running;

	RunOnceWorker(@Nullable RunOnceRequest request, DeliveryProcessor processor, JobMessages messages,
			List<RunOncePlatform> platforms) {
		this.request = request;
		this.processor = processor;
		this.messages = messages;
		this.platforms = List.copyOf(platforms);
	}

	@Override
	public boolean isExclusive() {
		return this.request != null;
	}

	@Override
	public void start() {
		// The message is taken when the application is ready.
	}

	/**
	 * Run the message on this thread.
	 * @return the exit code
	 */
	int run(RunOnceRequest request) {
		this.running = true;
		try {
			return (request instanceof RunOnceRequest.Typed typed) ? run(typed) : runDelivered(request);
		}
		finally {
			this.settled.countDown();
		}
	}

	private int run(RunOnceRequest.Typed typed) {
		RunOncePlatform platform = new ByHand();
		Delivery delivery;
		try {
			delivery = Delivery.inProcess(this.messages.of(typed.job(), typed.args()), platform.name(), 0);
		}
		catch (JobException ex) {
			logger.error("Nothing was run: {}", ex.getMessage());
			return RunOnce.EXIT_NEVER;
		}
		// Nobody else has it, so that what replaces it must be kept by its queue.
		return exitCode(platform, this.processor.process(delivery.with(Delivery.Trait.DURABLE)));
	}

	private int runDelivered(RunOnceRequest request) {
		RunOncePlatform platform = this.platforms.stream()
			.filter(RunOncePlatform::isHere)
			.findFirst()
			.orElseGet(ByHand::new);
		try {
			if (platform.isOver()) {
				logger.info("The message was settled before or taken back: nothing is run");
				return RunOnce.EXIT_DONE;
			}
			Delivery delivery = Delivery.pulled(read(request), platform.name(), true, platform.redeliveries())
				.with(new Lease(platform::isOwned));
			Delivery.Part part = platform.part();
			Settlement settlement = this.processor.process((part != null) ? delivery.as(part) : delivery);
			platform.settled(settlement);
			return exitCode(platform, settlement);
		}
		catch (UnreadableMessageException ex) {
			logger.error("Nothing is run: the message {}", ex.getMessage());
			return RunOnce.EXIT_NEVER;
		}
		catch (RuntimeException | IOException ex) {
			logger.error("The message is released", ex);
			return RunOnce.EXIT_RELEASED;
		}
	}

	private static int exitCode(RunOncePlatform platform, Settlement settlement) {
		int code = platform.exitCode(settlement);
		logger.info("Settled as {}: exit code {}", settlement.tag(), code);
		return code;
	}

	private static byte[] read(RunOnceRequest request) throws IOException {
		if (request instanceof RunOnceRequest.InFile file) {
			try (InputStream in = Files.newInputStream(file.path())) {
				return in.readNBytes(MessageLimits.MAX_BYTES + 1);
			}
		}
		return (request instanceof RunOnceRequest.Text text) ? text.text().getBytes(StandardCharsets.UTF_8)
				: new byte[0];
	}

	@Override
	public void stop(Duration grace) {
		if (!this.running) {
			return;
		}
		try {
			if (!this.settled.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
				logger.warn("The message was not settled within {} ms of the shutdown", grace.toMillis());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A person at a terminal, or a platform that has no adapter here.
	 */
	private static final class ByHand implements RunOncePlatform {

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
