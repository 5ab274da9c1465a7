package dev.backgroundjobs.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.delivery.ProcessorSettings.SigningRequired;
import dev.backgroundjobs.dispatch.MessageSender;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.event.EventMessages;
import dev.backgroundjobs.execution.JobExecutor;
import dev.backgroundjobs.message.DecodedMessage;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.MessageNames;
import dev.backgroundjobs.message.UnreadableMessageException;
import dev.backgroundjobs.message.UntrustedMessageException;
import io.cloudevents.CloudEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Turns a delivery into a settlement: the only door to running a job. Runs the job on the
 * calling thread. Safe for use by several threads.
 */
public final class DeliveryProcessor {

	private static final Logger logger = LoggerFactory.getLogger(DeliveryProcessor.class);

	private final Supplier<JobDefinitions> definitions;

	private final DeliveryReader reader;

	private final JobExecutor executor;

	private final DeliveryRules rules;

	private final Settler settler;

	private final RecentKeys keys;

	private final DeliveryMeters meters;

	private final Clock clock;

	private volatile boolean draining;

	/**
	 * Create a processor.
	 * @param codec decodes messages
	 * @param definitions the declared jobs, once they are known
	 * @param eventMessages knows which jobs an event starts
	 * @param executor runs jobs
	 * @param sender sends successors
	 * @param router knows the backends
	 * @param events publishes the ends of jobs
	 * @param settings the limits
	 * @param meters counts what becomes of deliveries
	 * @param clock tells the time
	 */
	public DeliveryProcessor(JobMessageCodec codec, Supplier<JobDefinitions> definitions, EventMessages eventMessages,
			JobExecutor executor, MessageSender sender, QueueRouter router, ApplicationEventPublisher events,
			ProcessorSettings settings, DeliveryMeters meters, Clock clock) {
		this.definitions = definitions;
		this.reader = new DeliveryReader(codec, new FirstMessages(eventMessages, definitions, codec, router, clock),
				settings, meters, clock);
		this.executor = executor;
		this.meters = meters;
		this.clock = clock;
		this.settler = new Settler(sender, router, events, codec, settings, meters, clock);
		this.rules = new DeliveryRules(this.settler, settings, clock);
		this.keys = new RecentKeys(clock);
	}

	/**
	 * Process a delivery.
	 * @param delivery the delivery
	 * @return what to tell the platform
	 */
	public Settlement process(Delivery delivery) {
		return process(delivery, read(delivery));
	}

	/**
	 * Read a delivery, running nothing.
	 */
	ReadDelivery read(Delivery delivery) {
		return this.draining ? ReadDelivery.refused(Settlement.UNAVAILABLE) : this.reader.read(delivery);
	}

	/**
	 * Process a delivery that was read.
	 */
	Settlement process(Delivery delivery, ReadDelivery read) {
		Settlement settlement = settle(delivery, read);
		this.meters.settled(delivery.source(), settlement);
		return settlement;
	}

	/**
	 * Count a delivery whose turn has not come, and is released.
	 */
	Settlement unstarted(Delivery delivery) {
		this.meters.settled(delivery.source(), Settlement.UNAVAILABLE);
		return Settlement.UNAVAILABLE;
	}

	/**
	 * Settle a message that its platform runs no more, as dead: nothing is run.
	 * @param delivery the delivery, with the message as it was sent
	 * @param cause what the platform says
	 * @return what became of it: acknowledged once it is reported, and kept where there
	 * is a place
	 */
	public Settlement giveUp(Delivery delivery, Throwable cause) {
		ReadDelivery read = read(delivery);
		DecodedMessage message = read.message();
		Settlement settlement = (read.settlement() != null || message == null)
				? (read.settlement() != null) ? read.settlement() : Settlement.UNREADABLE
				: claim(delivery, read.key(), message.message(),
						() -> this.settler.dead(delivery, message.message(), DeadReason.GIVEN_UP, cause));
		this.meters.settled(delivery.source(), settlement);
		return settlement;
	}

	private Settlement settle(Delivery delivery, ReadDelivery read) {
		if (read.settlement() != null) {
			return read.settlement();
		}
		if (this.draining) {
			return Settlement.UNAVAILABLE;
		}
		DecodedMessage message = read.message();
		return claim(delivery, read.key(), (message != null) ? message.message() : read.key(),
				() -> (message != null) ? settle(delivery, message) : this.settler.start(delivery, read.started()));
	}

	/**
	 * Return how long a message may run.
	 * @return the timeout of its job, or {@code null} when it has none or is not known
	 */
	@Nullable Duration timeout(ReadDelivery read) {
		DecodedMessage message = read.message();
		JobDefinition definition = (message != null) ? this.definitions.get().find(message.message().job()) : null;
		return (definition != null) ? definition.timeout() : null;
	}

	/**
	 * Return what is kept of a platform's time for what follows a run.
	 */
	Duration reserve(Duration left) {
		return this.executor.reserve(left);
	}

	/**
	 * Refuse deliveries from now on: the application shuts down.
	 */
	public void drain() {
		this.draining = true;
	}

	/**
	 * Accept deliveries, at the start and after a restart of the context.
	 */
	public void open() {
		this.executor.open();
		this.draining = false;
	}

	/**
	 * Return whether deliveries are refused since the application shuts down.
	 * @return whether they are
	 */
	public boolean isDraining() {
		return this.draining;
	}

	/**
	 * Forget which messages were acknowledged, as an instance that has just started: for
	 * tests.
	 */
	public void forgetFinished() {
		this.keys.forgetFinished();
	}

	private Settlement claim(Delivery delivery, String key, Object what, Supplier<Settlement> settle) {
		return switch (this.keys.claim(key, delivery.redeliveries())) {
			case FINISHED -> {
				logger.debug("{} has been settled here before, and is acknowledged as a duplicate", what);
				yield Settlement.DUPLICATE;
			}
			case DEAD -> Settlement.DEAD_RELEASED;
			case RUNNING -> Settlement.BUSY;
			case FREE -> settleClaimed(delivery, key, what, settle);
		};
	}

	private Settlement settleClaimed(Delivery delivery, String key, Object what, Supplier<Settlement> settle) {
		Settlement settlement = Settlement.RELEASED;
		try {
			settlement = settle.get();
		}
		catch (RuntimeException ex) {
			logger.error("{} is released", what, ex);
		}
		finally {
			this.keys.end(key, delivery.redeliveries(), settlement);
		}
		return settlement;
	}

	private Settlement settle(Delivery delivery, DecodedMessage decoded) {
		JobMessage delivered = decoded.message();
		JobDefinition definition = delivered.isKnownVersion() ? this.definitions.get().find(delivered.job()) : null;
		JobMessage message = counted(delivery, delivered, definition);
		@Nullable Settlement withoutRun = this.rules.apply(delivery, message, decoded.isExpired(), definition);
		if (withoutRun != null || definition == null) {
			return (withoutRun != null) ? withoutRun : Settlement.RELEASED_UNKNOWN;
		}
		measureWait(message);
		return this.settler.settle(delivery, message, definition,
				this.executor.execute(message, definition, delivery.deadline(), delivery.lease()));
	}

	// Where order is kept the platform delivers a failed attempt again, and counts. It
	// counts what it could not deliver as well, which may use up no job's last attempt:
	// its own limit ends those that are released over and over.
	private static JobMessage counted(Delivery delivery, JobMessage message, @Nullable JobDefinition definition) {
		if (!delivery.is(Trait.ORDERED) || delivery.redeliveries() == 0 || definition == null) {
			return message;
		}
		long attempt = (long) message.attempt() + delivery.redeliveries();
		return message.withAttempt((int) Math.max(message.attempt(), Math.min(attempt, definition.maxAttempts())));
	}

	// A successor without a time of its own has waited since its predecessor, whose time
	// it does not know.
	private void measureWait(JobMessage message) {
		Instant runAt = message.runAt();
		if (this.meters != DeliveryMeters.NONE && (message.seq() == 0 || runAt != null)) {
			Instant since = (runAt != null && runAt.isAfter(message.enqueuedAt())) ? runAt : message.enqueuedAt();
			Duration wait = Duration.between(since, this.clock.instant());
			this.meters.waited(message, wait.isNegative() ? Duration.ZERO : wait);
		}
	}

	/**
	 * Ask running jobs to stop, and interrupt them shortly before the grace is over.
	 * @param grace how long the shutdown waits
	 */
	public void stopRuns(Duration grace) {
		this.executor.shutdown(grace);
	}

	/**
	 * Ask running jobs to stop, interrupt them at once, and leave time for what replaces
	 * them.
	 */
	public void interruptRuns() {
		this.executor.shutdown(Duration.ZERO, Duration.ofMinutes(1));
	}

}
