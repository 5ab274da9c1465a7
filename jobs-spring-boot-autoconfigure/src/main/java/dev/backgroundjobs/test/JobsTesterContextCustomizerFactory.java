package dev.backgroundjobs.test;

import java.util.List;

import dev.backgroundjobs.autoconfigure.BackendOverride;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * Sends every queue of a test with {@link AutoConfigureJobsTester} to the {@code test}
 * backend. Contexts of equal customizers are shared between tests.
 */
final class JobsTesterContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> attributes) {
		return TestContextAnnotationUtils.hasAnnotation(testClass, AutoConfigureJobsTester.class)
				? new JobsTesterContextCustomizer() : null;
	}

	record JobsTesterContextCustomizer() implements ContextCustomizer {

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
			new BackendOverride("test").register(context.getBeanFactory());
		}

	}

}
