package dev.backgroundjobs.autoconfigure;

import dev.backgroundjobs.adapter.local.LocalJobAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * What keeps the start of an application short.
 */
class StartUpCostTests {

	@Test
	void doesTheDearestWorkInTheBackground() {
		assertThat(SpringFactoriesLoader.loadFactories(BackgroundPreinitializer.class, getClass().getClassLoader()))
			.filteredOn(JobsBackgroundPreinitializer.class::isInstance)
			.singleElement()
			.satisfies((preinitializer) -> assertThatCode(preinitializer::preinitialize).doesNotThrowAnyException());
	}

	@Test
	void tellsSpringBootItsConditionsWithoutItsClasses() throws Exception {
		assertThat(PropertiesLoaderUtils
			.loadProperties(new ClassPathResource("META-INF/spring-autoconfigure-metadata.properties")))
			.containsEntry(JobsEndpointAutoConfiguration.class.getName() + ".ConditionalOnClass",
					"jakarta.servlet.Filter")
			.containsKey(LocalJobAutoConfiguration.class.getName());
	}

	@Test
	void createsTheFilterWithoutWhatADeliveryNeeds() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, JobsEndpointAutoConfiguration.class,
					LocalJobAutoConfiguration.class))
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				context.getBean("jobDeliveryFilter");
				assertThat(context.getBeanFactory().containsSingleton("jobDeliveryController")).isFalse();
			});
	}

}
