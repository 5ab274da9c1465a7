package dev.backgroundjobs.definition;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.OnEvent;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.StringUtils;

/**
 * Reads one declaration: resolves placeholders and checks values.
 */
final class JobDefinitionReader {

	private final ConfigurableBeanFactory beanFactory;

	private final JobDefaults defaults;

	JobDefinitionReader(ConfigurableBeanFactory beanFactory, JobDefaults defaults) {
		this.beanFactory = beanFactory;
		this.defaults = defaults;
	}

	@Nullable JobDefinition read(String beanName, Class<?> type, Method method, MergedAnnotation<BackgroundJob> annotation,
			Collection<String> problems) {
		String where = "@BackgroundJob of '" + type.getSimpleName() + "." + method.getName() + "': ";
		List<String> own = new ArrayList<>();
		String name = annotation.getString("name");
		if (name.isEmpty()) {
			name = StringUtils.uncapitalizeAsProperty(named(type).getSimpleName()) + "." + method.getName();
		}
		List<String> aliases = List.of(annotation.getStringArray("aliases"));
		checkName("name", name, own);
		aliases.forEach((alias) -> checkName("alias", alias, own));
		String queue = value(annotation, "queue", Function.identity(), "default", own);
		if (!MessageNames.isQueue(queue)) {
			own.add("queue '" + queue + "' is not made of lower-case letters, digits and single dashes, starting with "
					+ "a letter, at most " + MessageNames.MAX_QUEUE_LENGTH + " characters");
		}
		int maxAttempts = value(annotation, "maxAttempts", Integer::valueOf, this.defaults.maxAttempts(), own);
		if (maxAttempts < 1 || maxAttempts > 1000) {
			own.add("maxAttempts is " + maxAttempts + ": give a number from 1 to 1000, the first run included");
		}
		Optional<Duration> timeout = value(annotation, "timeout",
				(text) -> Optional.of(DurationStyle.detectAndParse(text)), Optional.empty(), own);
		if (timeout.isPresent() && (timeout.get().isZero() || timeout.get().isNegative())) {
			own.add("timeout is " + timeout.get() + ": give one above zero, or none");
		}
		BackoffPolicy backoff = backoff(annotation, own);
		EventPattern onEvent = onEvent(method, own);
		if (!own.isEmpty()) {
			own.forEach((problem) -> problems.add(where + problem));
			return null;
		}
		return new JobDefinition(name, aliases, queue, annotation.getInt("priority"), maxAttempts, backoff,
				throwables(annotation, "discardOn"), throwables(annotation, "retryOn"), timeout.orElse(null), onEvent,
				beanName, type, method);
	}

	private @Nullable EventPattern onEvent(Method method, List<String> problems) {
		MergedAnnotation<OnEvent> annotation = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)
			.get(OnEvent.class);
		if (!annotation.isPresent()) {
			return null;
		}
		EventPattern pattern;
		try {
			pattern = new EventPattern(resolved(annotation, "type"), resolved(annotation, "source"),
					resolved(annotation, "subject"));
		}
		catch (IllegalArgumentException ex) {
			problems.add("@OnEvent has a placeholder that nothing resolves: " + ex.getMessage());
			return null;
		}
		String problem = pattern.problem();
		if (problem != null) {
			problems.add("@OnEvent " + problem);
		}
		if (method.getParameterCount() > 1) {
			problems.add("@OnEvent starts the job with one argument at most, the method has "
					+ method.getParameterCount() + ": take a StorageObject, a CloudEvent or a type of your own");
		}
		return pattern;
	}

	private String resolved(MergedAnnotation<OnEvent> annotation, String attribute) {
		String resolved = this.beanFactory.resolveEmbeddedValue(annotation.getString(attribute));
		return (resolved != null) ? resolved.strip() : "";
	}

	private BackoffPolicy backoff(MergedAnnotation<BackgroundJob> annotation, List<String> problems) {
		MergedAnnotation<?> backoff = annotation.getAnnotation("backoff", dev.backgroundjobs.Backoff.class);
		BackoffPolicy fallback = this.defaults.backoff();
		int before = problems.size();
		Duration delay = value(backoff, "delay", DurationStyle::detectAndParse, fallback.delay(), problems);
		double multiplier = value(backoff, "multiplier", Double::valueOf, fallback.multiplier(), problems);
		Duration maxDelay = value(backoff, "maxDelay", DurationStyle::detectAndParse, fallback.maxDelay(), problems);
		double jitter = value(backoff, "jitterFactor", Double::valueOf, fallback.jitterFactor(), problems);
		if (problems.size() > before) {
			return fallback;
		}
		try {
			return new BackoffPolicy(delay, multiplier, maxDelay, jitter);
		}
		catch (IllegalArgumentException ex) {
			problems.add("backoff: " + ex.getMessage());
			return fallback;
		}
	}

	private <T> T value(MergedAnnotation<?> annotation, String attribute, Function<String, T> conversion, T fallback,
			List<String> problems) {
		String declared = annotation.getString(attribute);
		if (declared.isEmpty()) {
			return fallback;
		}
		try {
			String resolved = this.beanFactory.resolveEmbeddedValue(declared);
			return StringUtils.hasText(resolved) ? conversion.apply(resolved.strip()) : fallback;
		}
		catch (NumberFormatException ex) {
			problems.add(attribute + " '" + declared + "' is not a number");
			return fallback;
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			problems.add(attribute + " '" + declared + "' cannot be read (" + ex.getMessage()
					+ "): write a time as 30s, 10m or PT10M");
			return fallback;
		}
	}

	// An anonymous class is a variant of the class it extends.
	private static Class<?> named(Class<?> type) {
		Class<?> named = type;
		while (named.isAnonymousClass() && named.getSuperclass() != Object.class) {
			named = named.getSuperclass();
		}
		return named;
	}

	private static void checkName(String kind, String name, List<String> problems) {
		if (!MessageNames.isJob(name)) {
			problems.add(kind + " '" + name + "' is not made of letters, digits, dots, dashes and underscores, 1 to "
					+ MessageNames.MAX_JOB_LENGTH + " characters; placeholders are not resolved here");
		}
	}

	@SuppressWarnings("unchecked")
	private static List<Class<? extends Throwable>> throwables(MergedAnnotation<BackgroundJob> annotation,
			String attribute) {
		List<Class<? extends Throwable>> types = new ArrayList<>();
		Arrays.stream(annotation.getClassArray(attribute)).forEach((type) -> types.add((Class<Throwable>) type));
		return types;
	}

}
