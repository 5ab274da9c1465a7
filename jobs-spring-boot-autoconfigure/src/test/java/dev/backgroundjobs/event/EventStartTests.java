package dev.backgroundjobs.event;

import java.time.Instant;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.OnEvent;
import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is refused at start-up of jobs that events start, and of queues that keep order.
 */
@ExtendWith(OutputCaptureExtension.class)
class EventStartTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class))
		.withBean("cloud", JobBackend.class, () -> new Platform("cloud", BackendCapabilities.none().withDurable()))
		.withBean("ordered", JobBackend.class,
				() -> new Platform("ordered", BackendCapabilities.none().withDurable().withOrderedQueues()))
		.withBean("memory", JobBackend.class, () -> new Platform("memory", BackendCapabilities.none()))
		.withPropertyValues("jobs.backend=cloud");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Alone | Method 'Alone.run' has @OnEvent without @BackgroundJob
			Everything | @OnEvent is empty, so that every event would start the job
			TwoArguments | @OnEvent starts the job with one argument at most, the method has 2
			BadPattern | has pattern 'objects/{name:[}', which cannot be read
			""")
	void refuses(String name, String message) throws Exception {
		Class<?> type = Class.forName(EventStartTests.class.getName() + "$" + name);
		this.runner.withUserConfiguration(type)
			.run((context) -> assertThat(context.getStartupFailure()).hasStackTraceContaining(message));
	}

	@Test
	void refusesAQueueThatForgetsBesideOneThatKeeps() {
		this.runner.withUserConfiguration(Fine.class)
			.withPropertyValues("jobs.queues.documents.backend=memory")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("Job 'fine.run' is started by events")
				.hasStackTraceContaining("'jobs.queues.documents.backend'"));
	}

	@Test
	void warnsWhereAllIsInMemory(CapturedOutput output) {
		this.runner.withUserConfiguration(Fine.class)
			.withPropertyValues("jobs.backend=memory")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("failed attempts are left to the platform that sent the event");
	}

	@Test
	void refusesAnIterationWhereOrderIsKept() {
		this.runner.withUserConfiguration(Walk.class)
			.withPropertyValues("jobs.queues.documents.backend=ordered")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("Job 'walk.run' is an iteration on queue 'documents', which keeps the order"));
	}

	@Test
	void takesJobsThatAreAsTheyShouldBe() {
		this.runner.withUserConfiguration(Fine.class).run((context) -> assertThat(context).hasNotFailed());
	}

	static class Alone {

		@OnEvent(type = "com.example.x")
		void run() {
		}

	}

	static class Everything {

		@BackgroundJob
		@OnEvent
		void run() {
		}

	}

	static class TwoArguments {

		@BackgroundJob
		@OnEvent(type = "com.example.x")
		void run(StorageObject object, String more) {
		}

	}

	static class BadPattern {

		@BackgroundJob
		@OnEvent(subject = "objects/{name:[}")
		void run() {
		}

	}

	static class Fine {

		@BackgroundJob(queue = "documents")
		@OnEvent(type = "com.example.x")
		void run(StorageObject object) {
		}

	}

	static class Walk {

		@BackgroundJob(queue = "documents")
		Iteration<String> run() {
			return Iteration.none();
		}

	}

	private record Platform(String name, BackendCapabilities capabilities) implements JobBackend {

		@Override
		public String enqueue(JobMessage message) {
			return "1";
		}

		@Override
		public String enqueueAt(JobMessage message, Instant time) {
			return "1";
		}

	}

}
