package dev.backgroundjobs.autoconfigure;

import dev.backgroundjobs.RecordingJobBackend;
import dev.backgroundjobs.adapter.inline.InlineJobAutoConfiguration;
import dev.backgroundjobs.adapter.local.LocalJobAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that was processed ahead of time for some backends, started with others.
 */
class ProcessedBackendsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(JobsAutoConfiguration.class, InlineJobAutoConfiguration.class, LocalJobAutoConfiguration.class));

	@Test
	void acceptsTheSameBackends() {
		processedFor("inline", "local").withPropertyValues("jobs.backend=inline", "jobs.queues.bulk.backend=local")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void acceptsTheSameBackendsOfOtherQueues() {
		processedFor("inline", "local").withPropertyValues("jobs.backend=local", "jobs.queues.mail.backend=inline")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void acceptsTheSameBackendSpelledOtherwise() {
		processedFor("in-line").withPropertyValues("jobs.backend=INLINE")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void acceptsABackendBeanOfTheApplication() {
		processedFor("inline").withPropertyValues("jobs.backend=inline", "jobs.queues.mail.backend=pigeons")
			.withBean(RecordingJobBackend.class, () -> new RecordingJobBackend("pigeons", BackendCapabilities.none()))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void refusesABackendThatIsNotUsedAnyMore() {
		processedFor("inline", "local").withPropertyValues("jobs.backend=inline")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage("Processed ahead of time for 'inline', 'local', started with 'inline'"));
	}

	@Test
	void refusesABackendThatIsNotWiredAndSaysWhatToDo() {
		processedFor("local").withPropertyValues("jobs.backend=cloud-tasks").run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = new JobsFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription())
				.startsWith("The application was processed ahead of time for backend 'local' and is started with "
						+ "'cloud-tasks'.")
				.endsWith("- property 'jobs.backend' is 'cloud-tasks'");
			assertThat(analysis.getAction()).startsWith("Process the application again with these properties");
		});
	}

	private ApplicationContextRunner processedFor(String... backends) {
		return this.runner.withInitializer((context) -> ProcessedBackends
			.register((DefaultListableBeanFactory) context.getBeanFactory(), backends));
	}

}
