package dev.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.adapter.local.LocalJobAutoConfiguration;
import dev.backgroundjobs.delivery.JobWorker;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class JobsLifecycleTests {

	private final List<String> calls = new ArrayList<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, JobsAutoConfiguration.class,
				LocalJobAutoConfiguration.class))
		.withBean("first", JobWorker.class, () -> worker("first", false))
		.withBean("second", JobWorker.class, () -> worker("second", false));

	@Test
	void startsAndStopsAllWorkers() {
		this.runner.run((context) -> assertThat(this.calls).containsExactlyInAnyOrder("start first", "start second"));
		assertThat(this.calls).contains("stop first", "stop second");
	}

	@Test
	void startsNoOtherWorkerBesidesOneThatIsExclusive() {
		this.runner.withBean("only", JobWorker.class, () -> worker("only", true))
			.run((context) -> assertThat(this.calls).containsExactly("start only"));
		assertThat(this.calls).containsExactly("start only", "stop only");
	}

	private JobWorker worker(String name, boolean isExclusive) {
		return new JobWorker() {

			@Override
			public void start() {
				called("start " + name);
			}

			@Override
			public boolean isExclusive() {
				return isExclusive;
			}

			@Override
			public void stop(Duration grace) {
				called("stop " + name);
			}
		};
	}

	private synchronized void called(String call) {
		this.calls.add(call);
	}

}
