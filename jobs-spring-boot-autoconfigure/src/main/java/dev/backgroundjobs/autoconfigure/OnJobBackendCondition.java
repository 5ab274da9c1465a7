package dev.backgroundjobs.autoconfigure;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.backgroundjobs.autoconfigure.JobsProperties.Queue;
import dev.backgroundjobs.message.MessageNames;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * The condition of {@link ConditionalOnJobBackend}.
 */
final class OnJobBackendCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		String name = metadata.getAnnotations().get(ConditionalOnJobBackend.class).getString("value");
		BackendOverride override = BackendOverride.of(context.getBeanFactory());
		Set<String> used = (override != null) ? Set.of(override.backend()) : used(context.getEnvironment());
		ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnJobBackend.class, name);
		return used.contains(MessageNames.withoutDashes(name)) ? ConditionOutcome.match(message.because("it is used"))
				: ConditionOutcome.noMatch(message.because("used are " + used));
	}

	private static Set<String> used(Environment environment) {
		Binder binder = Binder.get(environment);
		Set<String> used = new TreeSet<>();
		add(used, binder.bind("jobs.backend", String.class).orElse("local"));
		Map<String, Queue> queues = binder.bind("jobs.queues", Bindable.mapOf(String.class, Queue.class))
			.orElse(Map.of());
		queues.values().forEach((queue) -> {
			add(used, queue.backend());
			add(used, queue.delayBackend());
		});
		return used;
	}

	private static void add(Set<String> used, @org.jspecify.annotations.Nullable String name) {
		if (name != null) {
			used.add(MessageNames.withoutDashes(name.strip().replace('_', '-')));
		}
	}

}
