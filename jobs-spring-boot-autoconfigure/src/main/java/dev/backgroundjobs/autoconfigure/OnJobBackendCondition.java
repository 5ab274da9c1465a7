package dev.backgroundjobs.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * The condition of {@link ConditionalOnJobBackend}.
 */
final class OnJobBackendCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		String name = metadata.getAnnotations().get(ConditionalOnJobBackend.class).getString("value");
		UsedBackends used = UsedBackends.in(context.getEnvironment(), BackendOverride.of(context.getBeanFactory()));
		ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnJobBackend.class, name);
		return used.contains(name) ? ConditionOutcome.match(message.because("it is used"))
				: ConditionOutcome.noMatch(message.because("used are " + used.names()));
	}

}
