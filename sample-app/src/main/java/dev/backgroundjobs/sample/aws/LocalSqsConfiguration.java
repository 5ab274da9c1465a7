package dev.backgroundjobs.sample.aws;

import java.util.Map;

import dev.backgroundjobs.adapter.sqs.SqsJobCustomizer;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/**
 * An SQS in this process, from which this application receives its jobs.
 */
@Configuration(proxyBeanMethods = false)
@Profile("aws-local")
class LocalSqsConfiguration {

	@Bean
	static LocalSqs localSqs(Environment environment) {
		LocalSqs sqs = LocalSqs.start(environment.getRequiredProperty("paperwork.sqs-port", Integer.class),
				environment.getRequiredProperty("jobs.sqs.region"));
		sqs.create("documents");
		sqs.create("imports");
		sqs.create("heavy");
		return sqs;
	}

	/**
	 * Tell the properties where it listens, before a bean binds them.
	 */
	@Bean
	static BeanFactoryPostProcessor sqsAddress(ConfigurableEnvironment environment) {
		return (beans) -> environment.getPropertySources()
			.addFirst(new MapPropertySource("localSqs",
					Map.of("jobs.sqs.endpoint", beans.getBean(LocalSqs.class).endpoint())));
	}

	@Bean
	SqsJobCustomizer credentials() {
		return (builder) -> builder.credentialsProvider(LocalSqs.CREDENTIALS);
	}

}
