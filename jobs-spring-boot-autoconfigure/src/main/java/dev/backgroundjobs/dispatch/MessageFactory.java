package dev.backgroundjobs.dispatch;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Supplier;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobMethod;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.UnknownJobException;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.dispatch.QueueRouter.SizeLimit;
import dev.backgroundjobs.message.ArgumentBinding;
import dev.backgroundjobs.message.ArgumentCodec;
import dev.backgroundjobs.message.ArgumentException;
import dev.backgroundjobs.message.IterationState;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.MessageLimits;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;

/**
 * Turns a call into a message, and refuses what could not run. Safe for use by several
 * threads.
 */
public final class MessageFactory {

	private static final Instant LATEST = LocalDateTime.of(9999, 1, 1, 0, 0).toInstant(ZoneOffset.UTC);

	private final Supplier<JobDefinitions> definitions;

	private final ArgumentCodec arguments;

	private final JobMessageCodec codec;

	private final QueueRouter router;

	private final Clock clock;

	/**
	 * Create a factory.
	 * @param definitions the declared jobs, once they are known
	 * @param arguments writes arguments
	 * @param codec encodes messages
	 * @param router knows the backends
	 * @param clock tells the time
	 */
	public MessageFactory(Supplier<JobDefinitions> definitions, ArgumentCodec arguments, JobMessageCodec codec,
			QueueRouter router, Clock clock) {
		this.definitions = definitions;
		this.arguments = arguments;
		this.codec = codec;
		this.router = router;
		this.clock = clock;
	}

	/**
	 * Make the message of a call that nobody observes, without sending it.
	 * @param call the call
	 * @return the message that would be sent
	 * @throws JobException when the call cannot become a message
	 */
	public JobMessage create(JobCall call) {
		return create(call, JobOptions.none(), null);
	}

	JobMessage create(JobCall call, JobOptions defaults, @Nullable EnqueueObservationContext observed) {
		JobOptions options = defaults.overriddenBy(call.options());
		JobDefinition definition = definition(call, options);
		String job = (definition != null) ? definition.name() : String.valueOf(call.name());
		String queue = (options.queue() != null) ? options.queue()
				: (definition != null) ? definition.queue() : "default";
		if (!MessageNames.isQueue(queue)) {
			throw new JobException("Queue '" + queue + "' is not made of lower-case letters, digits and single dashes, "
					+ "starting with a letter, at most " + MessageNames.MAX_QUEUE_LENGTH + " characters");
		}
		checkHeaders(job, options.headers());
		Instant now = this.clock.instant();
		int declaredPriority = (definition != null) ? definition.priority() : 0;
		JobMessage message = JobMessage.builder(id(options), job, queue, args(call, job, definition, queue), now)
			.runAt(runAt(call, job, now))
			.expiresAt(expiresAt(options, now))
			.priority((options.priority() != null) ? options.priority() : declaredPriority)
			.group(options.group())
			.headers(EnqueueObserver.headers(options.headers(), observed))
			.deduplicationKey(deduplicationKey(options))
			.iteration(start(options, job, definition))
			.build();
		checkSize(message);
		checkDelay(message);
		checkOrder(message, definition);
		return message;
	}

	private @Nullable JobDefinition definition(JobCall call, JobOptions options) {
		JobDefinitions definitions = this.definitions.get();
		JobMethod method = call.method();
		if (method != null) {
			return definitions.get(method);
		}
		String name = String.valueOf(call.name());
		JobDefinition definition = definitions.find(name);
		if (definition != null) {
			return definition;
		}
		if (options.queue() == null) {
			String nearest = MessageNames.nearest(name, definitions.names());
			throw new UnknownJobException("No job has the name '" + name + "'"
					+ ((nearest != null) ? ": did you mean '" + nearest + "'?" : ".")
					+ " A job of another service is called with its queue, as in "
					+ "jobs.with(JobOptions.queue(\"billing\")).enqueue(\"invoices.send\", invoice)");
		}
		if (!MessageNames.isJob(name)) {
			throw new UnknownJobException(
					"'" + name + "' cannot be the name of a job: it is not made of letters, digits, "
							+ "dots, dashes and underscores, 1 to " + MessageNames.MAX_JOB_LENGTH + " characters");
		}
		return null;
	}

	private String args(JobCall call, String job, @Nullable JobDefinition definition, String queue) {
		try {
			if (definition == null) {
				return this.arguments.write(job, call.arguments());
			}
			ArgumentBinding binding = this.arguments.binding(job, definition.beanType(), definition.method());
			String args = binding.write(call.arguments());
			if (this.router.route(queue).capabilities().comparesArguments()) {
				binding.checkReadBack(call.arguments(), args);
			}
			return args;
		}
		catch (ArgumentException ex) {
			throw new JobException(String.valueOf(ex.getMessage()), ex.getCause());
		}
	}

	private @Nullable IterationState start(JobOptions options, String job, @Nullable JobDefinition definition) {
		Object cursor = options.startCursor();
		if (cursor == null) {
			return null;
		}
		if (definition != null && !definition.takesStartCursor()) {
			throw new JobException("Job '" + job + "' was given a start cursor, which only a job has that returns an "
					+ "Iteration: enqueue it without");
		}
		try {
			return IterationState.startingAfter(this.arguments.cursors().write(job, cursor), null);
		}
		catch (ArgumentException ex) {
			throw new JobException(String.valueOf(ex.getMessage()), ex.getCause());
		}
	}

	private static String id(JobOptions options) {
		String id = options.id();
		if (id == null) {
			return UuidCreator.getTimeOrderedEpoch().toString();
		}
		if (!MessageNames.isId(id)) {
			throw new JobException("JobOptions.id '" + id + "' is not a UUID: give one, such as "
					+ "UUID.nameUUIDFromBytes(…).toString() of a key of your own");
		}
		return id;
	}

	// A caller who gives the id wants a repeat of the call to be recognised.
	private static @Nullable String deduplicationKey(JobOptions options) {
		return (options.deduplicationKey() != null) ? options.deduplicationKey() : options.id();
	}

	private static @Nullable Instant runAt(JobCall call, String job, Instant now) {
		Duration delay = call.delay();
		Instant time = call.time();
		try {
			time = (delay != null) ? now.plus(delay) : time;
		}
		catch (DateTimeException | ArithmeticException ex) {
			time = Instant.MAX;
		}
		if (time == null || !time.isAfter(now)) {
			return null;
		}
		if (time.isAfter(LATEST)) {
			throw new JobException("Job '" + job + "' is to run at " + time + ": give a time before the year 9999");
		}
		// The wire has milliseconds; a job never runs before its time.
		Instant millis = time.truncatedTo(ChronoUnit.MILLIS);
		return millis.isBefore(time) ? millis.plusMillis(1) : millis;
	}

	private static @Nullable Instant expiresAt(JobOptions options, Instant now) {
		Instant expiresAt = options.expiresAt();
		Duration expiresIn = options.expiresIn();
		try {
			expiresAt = (expiresIn != null) ? now.plus(expiresIn) : expiresAt;
		}
		catch (DateTimeException | ArithmeticException ex) {
			expiresAt = null;
		}
		if (expiresAt == null || !expiresAt.isBefore(LATEST)) {
			return null;
		}
		return expiresAt.isBefore(Instant.EPOCH) ? Instant.EPOCH : expiresAt;
	}

	private static void checkHeaders(String job, Map<String, String> headers) {
		boolean tooMany = headers.size() > MessageLimits.MAX_HEADERS;
		if (tooMany || headers.entrySet()
			.stream()
			.anyMatch((header) -> header.getKey().length() > MessageLimits.MAX_NAME_LENGTH
					|| header.getValue().length() > MessageLimits.MAX_STRING_LENGTH)) {
			throw new JobException("Job '" + job + "' has headers beyond a limit of a message: at most "
					+ MessageLimits.MAX_HEADERS + ", " + MessageLimits.MAX_NAME_LENGTH + " characters in a name, "
					+ MessageLimits.MAX_STRING_LENGTH + " in a value");
		}
	}

	// Encoding for real is needed only near the limit. A character has up to three bytes,
	// six where it is escaped; the signed form adds a third, the encrypted one another.
	private void checkSize(JobMessage message) {
		SizeLimit limit = this.router.firstMessageLimit(message.queue());
		int max = limit.firstMessageBytes();
		long estimate = message.args().length() * 6L + 4_000;
		for (var header : message.headers().entrySet()) {
			estimate += 12L * (header.getKey().length() + header.getValue().length());
		}
		if (estimate < max) {
			return;
		}
		int size = this.codec.encode(message).bytes().length;
		if (size > max) {
			throw new JobException("The message of job '" + message.job() + "' has " + size + " bytes, queue '"
					+ message.queue() + "' takes " + max + " (" + limit.of() + " takes " + limit.bytes() + ", of which "
					+ SizeLimit.RESERVE + " are kept for retries): store the data and send its id");
		}
	}

	private void checkDelay(JobMessage message) {
		if (message.runAt() != null && !this.router.route(message.queue()).canDelay()) {
			throw MessageSender.cannotDelay(message, this.router.route(message.queue()));
		}
	}

	private void checkOrder(JobMessage message, @Nullable JobDefinition definition) {
		if (definition != null && definition.isIteration() && this.router.route(message.queue()).isOrdered()) {
			throw new JobException("Job '" + message.job() + "' is an iteration, and queue '" + message.queue()
					+ "' keeps the order of its messages, so that a slice could not be followed by another: send it "
					+ "to a queue without order");
		}
	}

}
