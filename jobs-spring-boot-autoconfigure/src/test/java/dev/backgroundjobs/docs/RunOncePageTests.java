package dev.backgroundjobs.docs;

import dev.backgroundjobs.adapter.test.TestJobAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of docs/run-once.md.
 */
class RunOncePageTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, TestJobAutoConfiguration.class))
		.withPropertyValues("jobs.backend=test")
		.withUserConfiguration(Application.class);

	@Test
	void schedulesAndRunnersAreThereInAServer() {
		this.runner
			.run((context) -> assertThat(context).hasSingleBean(NightlyReports.class).hasSingleBean(CacheFiller.class));
	}

	@Test
	void schedulesAndRunnersAreHeldBackForOneMessage() {
		this.runner.withPropertyValues("spring.profiles.active=jobs-run-once")
			.run((context) -> assertThat(context).doesNotHaveBean(NightlyReports.class)
				.doesNotHaveBean(CacheFiller.class));
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Schedules.class, CacheFiller.class })
	static class Application {

	}

}
