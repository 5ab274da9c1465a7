package dev.backgroundjobs.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.definition.JobMethods;
import dev.backgroundjobs.dispatch.QueueRouter;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.generate.GeneratedMethod;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.aot.BeanFactoryInitializationCode;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.javapoet.CodeBlock;

import javax.lang.model.element.Modifier;

/**
 * Prepares an application for Spring AOT: says what is reached by reflection for its jobs
 * and keeps the names of the backends it is processed for.
 */
final class JobsAotProcessor implements BeanFactoryInitializationAotProcessor {

	@Override
	public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
			ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.getBeanNamesForType(QueueRouter.class, true, false).length == 0) {
			return null;
		}
		List<JobMethodHints> jobs = new ArrayList<>();
		JobMethods.visit(beanFactory,
				(beanName, type, method, annotation) -> jobs.add(new JobMethodHints(type, method)));
		Environment environment = beanFactory.getBean(ConfigurableApplicationContext.ENVIRONMENT_BEAN_NAME,
				Environment.class);
		UsedBackends used = UsedBackends.in(environment, BackendOverride.of(beanFactory));
		return (context, code) -> {
			jobs.forEach((job) -> job.register(context.getRuntimeHints().reflection()));
			keep(used, context, code);
		};
	}

	// Generated into this package, which has what it calls.
	private static void keep(UsedBackends used, GenerationContext context, BeanFactoryInitializationCode code) {
		GeneratedMethod register = context.getGeneratedClasses()
			.addForFeatureComponent("ProcessedBackends", JobsAutoConfiguration.class,
					(type) -> type.addModifiers(Modifier.PUBLIC))
			.getMethods()
			.add("register", (method) -> {
				CodeBlock names = used.names()
					.stream()
					.map((name) -> CodeBlock.of("$S", name))
					.collect(CodeBlock.joining(", "));
				method.addModifiers(Modifier.PUBLIC, Modifier.STATIC)
					.addParameter(DefaultListableBeanFactory.class, "beanFactory")
					.addStatement("$T.register(beanFactory, $L)", ProcessedBackends.class, names);
			});
		code.addInitializer(register.toMethodReference());
	}

}
