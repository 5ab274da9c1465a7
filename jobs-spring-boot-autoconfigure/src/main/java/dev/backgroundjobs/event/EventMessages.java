package dev.backgroundjobs.event;

import java.lang.reflect.Type;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.definition.EventPattern;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.message.ArgumentCodec;
import dev.backgroundjobs.message.DerivedIds;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.MessageLimits;
import dev.backgroundjobs.message.MessageNames;
import dev.backgroundjobs.message.UnreadableMessageException;
import io.cloudevents.CloudEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

import org.springframework.core.GenericTypeResolver;

/**
 * The messages of the jobs that an event starts: the same ones each time the event comes,
 * so that a repeat is recognised. Safe for use by several threads.
 */
public final class EventMessages {

	private static final Logger logger = LoggerFactory.getLogger(EventMessages.class);

	private static final int MAX_WARNINGS = 1_000;

	private final Supplier<JobDefinitions> definitions;

	private final ArgumentCodec arguments;

	private final List<PlatformEvents> platforms;

	private final boolean acknowledgesUnmatched;

	private final Clock clock;

	private final Set<String> unmatchedTypes = ConcurrentHashMap.newKeySet();

	/**
	 * Create a value.
	 * @param definitions the declared jobs, once they are known
	 * @param arguments writes arguments
	 * @param platforms know the events of their platforms
	 * @param acknowledgesUnmatched whether events that start no job are acknowledged
	 * @param clock tells the time
	 */
	public EventMessages(Supplier<JobDefinitions> definitions, ArgumentCodec arguments, List<PlatformEvents> platforms,
			boolean acknowledgesUnmatched, Clock clock) {
		this.definitions = definitions;
		this.arguments = arguments;
		this.platforms = List.copyOf(platforms);
		this.acknowledgesUnmatched = acknowledgesUnmatched;
		this.clock = clock;
	}

	/**
	 * Return the first messages of the jobs that an event starts.
	 * @param event the event
	 * @return one message for each job, none when it starts no job
	 * @throws UnreadableMessageException when its data is not what its platform sends
	 * @throws dev.backgroundjobs.message.ArgumentException when it cannot be written as
	 * an argument
	 */
	public List<JobMessage> messages(CloudEvent event) {
		checkLengths(event);
		List<JobMessage> messages = new ArrayList<>();
		StorageObject object = null;
		for (JobDefinition job : this.definitions.get().onEvents()) {
			if (!matches(job, event)) {
				continue;
			}
			object = (object != null) ? object : storageObject(event);
			String args = args(job, event, object);
			if (args != null) {
				messages.add(message(job, event, args));
			}
		}
		return messages;
	}

	private static void checkLengths(CloudEvent event) {
		for (String text : new @Nullable String[] { event.getId(), event.getSource().toString(), event.getType(),
				event.getSubject() }) {
			if (text != null && text.length() > MessageLimits.MAX_NAME_LENGTH) {
				throw new UnreadableMessageException("has an id, source, type or subject of more than "
						+ MessageLimits.MAX_NAME_LENGTH + " characters");
			}
		}
	}

	// Names of objects are other people's, and the time that some patterns take for some
	// texts has no end: the matcher gives up, or the stack is too small.
	private static boolean matches(JobDefinition job, CloudEvent event) {
		EventPattern pattern = job.onEvent();
		try {
			return pattern != null
					&& pattern.matches(event.getType(), event.getSource().toString(), event.getSubject());
		}
		catch (IllegalStateException | StackOverflowError ex) {
			throw new UnreadableMessageException("takes too long to compare with the @OnEvent patterns of job '"
					+ job.name() + "': give them fewer wildcards within one part between slashes");
		}
	}

	/**
	 * Say that an event starts no job, once for each type.
	 * @param event the event
	 * @return whether to acknowledge it
	 */
	public boolean unmatched(CloudEvent event) {
		String type = MessageNames.printable(event.getType());
		if (this.unmatchedTypes.size() < MAX_WARNINGS && this.unmatchedTypes.add(type)) {
			logger.warn(
					"No job is started by event type '{}', source '{}', subject '{}': {}. {}. Said once for each type",
					type, MessageNames.printable(event.getSource().toString()),
					MessageNames.printable(event.getSubject()),
					this.acknowledgesUnmatched
							? "it is acknowledged and gone ('jobs.events.unmatched=release' has it delivered again)"
							: "it is released, to be delivered again",
					advice(event));
		}
		return this.acknowledgesUnmatched;
	}

	private String advice(CloudEvent event) {
		for (JobDefinition job : this.definitions.get().onEvents()) {
			EventPattern pattern = job.onEvent();
			if (pattern != null && pattern.matches(event.getType(), event.getSource().toString(), event.getSubject())) {
				return "The pattern of job '" + job.name()
						+ "' matches, but it takes a StorageObject, and this is no event of object storage";
			}
		}
		return "Declare one with @OnEvent, or stop sending them";
	}

	private JobMessage message(JobDefinition job, CloudEvent event, String args) {
		Instant now = this.clock.instant();
		Instant time = (event.getTime() != null) ? event.getTime().toInstant() : now;
		// Many a sender says the year 1 for no time at all, which no message can carry.
		boolean isTime = time.isBefore(now) && !time.isBefore(Instant.EPOCH);
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("ce-id", event.getId());
		for (String name : List.of("traceparent", "tracestate")) {
			if (event.getExtension(name) instanceof String value) {
				headers.put(name, value);
			}
		}
		String id = DerivedIds.of(event.getSource().toString(), identity(event), job.name());
		return JobMessage.builder(id, job.name(), job.queue(), args, isTime ? time : now)
			.priority(job.priority())
			.headers(headers)
			.build();
	}

	private String identity(CloudEvent event) {
		for (PlatformEvents platform : this.platforms) {
			String identity = platform.identity(event);
			if (identity != null) {
				return identity;
			}
		}
		return event.getId();
	}

	private @Nullable StorageObject storageObject(CloudEvent event) {
		for (PlatformEvents platform : this.platforms) {
			StorageObject object = platform.storageObject(event);
			if (object != null) {
				return object;
			}
		}
		return null;
	}

	private @Nullable String args(JobDefinition job, CloudEvent event, @Nullable StorageObject object) {
		Type[] types = job.method().getGenericParameterTypes();
		if (types.length == 0) {
			return "[]";
		}
		Type type = GenericTypeResolver.resolveType(types[0], job.beanType());
		if (type == StorageObject.class) {
			return (object != null) ? write(job, object) : null;
		}
		if (type == CloudEvent.class) {
			return write(job, event);
		}
		return "[" + data(type, content(event)) + "]";
	}

	private String write(JobDefinition job, Object argument) {
		return this.arguments.binding(job.name(), job.beanType(), job.method()).write(List.of(argument));
	}

	private EventContent content(CloudEvent event) {
		for (PlatformEvents platform : this.platforms) {
			EventContent content = platform.content(event);
			if (content != null) {
				return content;
			}
		}
		byte[] bytes = (event.getData() != null) ? event.getData().toBytes() : null;
		return new EventContent(event.getDataContentType(), (bytes != null) ? bytes : new byte[0]);
	}

	// As JSON where it is JSON, as text where it is text.
	private static String data(Type type, EventContent content) {
		String text = (type != byte[].class) ? EventJson.text(content.bytes()) : null;
		if (text == null) {
			return quoted(Base64.getEncoder().encodeToString(content.bytes()));
		}
		if (text.isEmpty()) {
			return (type == String.class) ? "\"\"" : "null";
		}
		JsonNode value = EventJson.value(text);
		boolean isText = type == String.class && !(value != null && value.isString() && content.saysJson());
		return (value == null || isText) ? quoted(text) : text;
	}

	private static String quoted(String text) {
		return EventJson.MAPPER.writeValueAsString(text);
	}

}
