package dev.backgroundjobs.docs;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.UUID;
import java.util.stream.Stream;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.adapter.kubernetes.KubernetesJobAutoConfiguration;
import dev.backgroundjobs.adapter.kubernetes.KubernetesJobState;
import dev.backgroundjobs.adapter.kubernetes.KubernetesJobs;
import dev.backgroundjobs.adapter.runonce.RunOnce;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The blocks of {@code docs/kubernetes.md} that are about Jobs that are there.
 */
class KubernetesPageTests {

	private final KubernetesMockServer server = new KubernetesMockServer(new Context(), new MockWebServer(),
			new HashMap<>(), new KubernetesCrudDispatcher(), false);

	@BeforeEach
	void startServer() {
		this.server.init();
	}

	@AfterEach
	void stopServer() {
		this.server.destroy();
	}

	@Test
	void asksForTheStateAndTheLogOfAJob() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, KubernetesJobAutoConfiguration.class))
			.withBean(KubernetesClient.class, this.server::createClient)
			.withPropertyValues("jobs.backend=kubernetes", "jobs.kubernetes.image=registry/paperwork:1",
					"jobs.kubernetes.namespace=jobs")
			.run((context) -> {
				Support support = new Support(context.getBean(KubernetesJobs.class));
				EnqueuedJob enqueued = context.getBean(JobDispatcher.class)
					.with(JobOptions.queue("heavy"))
					.enqueue("reports.generate");
				assertThat(support.describe(enqueued)).isEqualTo("QUEUED");
				assertThat(support.errors(enqueued)).isEmpty();
				EnqueuedJob unknown = new EnqueuedJob(UUID.randomUUID().toString(), "reports.generate", "heavy", null,
						null);
				assertThat(support.describe(unknown)).isEqualTo("unknown");
			});
	}

	@Test
	void holdsASchedulerBackInAProcessForOneMessage() {
		ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Nights.class);
		runner.run((context) -> assertThat(context).hasSingleBean(NightlySchedule.class));
		runner.withInitializer((context) -> context.getEnvironment().addActiveProfile(RunOnce.PROFILE))
			.run((context) -> assertThat(context).doesNotHaveBean(NightlySchedule.class));
	}

	/**
	 * Whoever is asked where a report is.
	 */
	static class Support {

		private final KubernetesJobs kubernetesJobs;

		Support(KubernetesJobs kubernetesJobs) {
			this.kubernetesJobs = kubernetesJobs;
		}

		String describe(EnqueuedJob enqueued) {
			KubernetesJobState state = this.kubernetesJobs.find(enqueued);
			if (state != null && state.waiting() != null) {
				return state.status() + ", " + state.waiting().reason() + ": " + state.waiting().message();
			}
			return (state != null) ? state.status().toString() : "unknown";
		}

		String errors(EnqueuedJob enqueued) {
			StringWriter text = new StringWriter();
			PrintWriter writer = new PrintWriter(text);
			try (Stream<String> lines = this.kubernetesJobs.logs(enqueued)) {
				lines.filter((line) -> line.contains("ERROR")).forEach(writer::println);
			}
			return text.toString();
		}

	}

	record NightlySchedule() {
	}

	@Configuration(proxyBeanMethods = false)
	static class Nights {

		@Bean
		@Profile("!jobs-run-once")
		NightlySchedule nightlySchedule() {
			return new NightlySchedule();
		}

	}

}
