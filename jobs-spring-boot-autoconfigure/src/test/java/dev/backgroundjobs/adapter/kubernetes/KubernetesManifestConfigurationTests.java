package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.util.function.Supplier;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.message.JobMessage;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Manifests in an application.
 */
class KubernetesManifestConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class))
		.withUserConfiguration(Backend.class)
		.withBean("pi", Pi.class)
		.withPropertyValues("jobs.backend=kubernetes", "jobs.kubernetes.image=app:1", "jobs.kubernetes.namespace=jobs",
				"pi.memory=2Gi");

	private static Job job(KubernetesManifests manifests) {
		JobMessage message = ManifestFixture.message("pi.compute", "[7]").build();
		KubernetesManifest manifest = manifests.of(message,
				new dev.backgroundjobs.message.EncodedMessage("{}".getBytes(), "application/json"), null);
		JobSchema.assertValid(manifest);
		return manifest.job();
	}

	@Test
	void bindsPropertiesAndReadsAnnotationsOfJobs() {
		this.runner.withPropertyValues("jobs.kubernetes.worker.interval=1m", "jobs.kubernetes.queues.heavy.cpu-limit=2",
				"jobs.kubernetes.queues.heavy.template=classpath:dev/backgroundjobs/adapter/kubernetes/gpu-job.yaml",
				"jobs.kubernetes.container=main", "jobs.kubernetes.labels[example.org/team]=maths",
				"jobs.kubernetes.env.JAVA_OPTS=-Xmx1g")
			.run((context) -> {
				Job job = job(context.getBean(KubernetesManifests.class));
				var container = job.getSpec().getTemplate().getSpec().getContainers().get(0);
				assertThat(container.getResources().getLimits()).hasToString("{nvidia.com/gpu=1, cpu=2, memory=2Gi}");
				assertThat(KubernetesExpansion.environment(container)).containsEntry("JAVA_OPTS", "-Xmx1g");
				assertThat(job.getMetadata().getLabels()).containsEntry("example.org/team", "maths");
				assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo((600 + 300 + 40) * 5);
				assertThat(context.getBean(KubernetesJobProperties.class).worker().interval())
					.isEqualTo(Duration.ofMinutes(1));
				assertThat(context.getBean(KubernetesJobProperties.class).worker().enabled()).isTrue();
			});
	}

	@Test
	void callsCustomizersInTheirOrder() {
		this.runner.withBean("b", KubernetesJobCustomizer.class, () -> new Priority("b", 2))
			.withBean("a", KubernetesJobCustomizer.class, () -> new Priority("a", 1))
			.run((context) -> assertThat(job(context.getBean(KubernetesManifests.class)).getSpec()
				.getTemplate()
				.getSpec()
				.getPriorityClassName()).isEqualTo("b"));
	}

	@Test
	void tellsAllProblemsWhenTheApplicationStarts() {
		this.runner
			.withPropertyValues("jobs.kubernetes.backoff-limit=-1", "jobs.kubernetes.queues.heavy.cpu-limit=much",
					"pi.memory=little")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContainingAll("'jobs.kubernetes.backoff-limit' '-1' is below 0",
						"'jobs.kubernetes.queues.heavy.cpu-limit' 'much' is no quantity",
						"@KubernetesJob of job 'pi.compute': memoryLimit 'little' is no quantity"));
	}

	@Test
	void asksNoClusterToStart() {
		this.runner
			.withPropertyValues("jobs.kubernetes.namespace=", "jobs.kubernetes.job=pi-1",
					"jobs.kubernetes.job.namespace=jobs")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	static class Pi {

		@BackgroundJob(queue = "heavy", timeout = "10m")
		@KubernetesJob(memoryLimit = "${pi.memory}")
		void compute(int digits) {
		}

	}

	record Priority(String name, int order) implements KubernetesJobCustomizer, org.springframework.core.Ordered {

		@Override
		public int getOrder() {
			return this.order;
		}

		@Override
		public void customize(io.fabric8.kubernetes.api.model.batch.v1.JobBuilder job, JobMessage message) {
			job.editSpec().editTemplate().editSpec().withPriorityClassName(this.name).endSpec().endTemplate().endSpec();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(KubernetesManifestConfiguration.class)
	static class Backend {

		@Bean
		Supplier<KubernetesClient> client() {
			return () -> {
				throw new AssertionError("The cluster is asked");
			};
		}

		@Bean
		JobBackend kubernetes() {
			return new JobBackend() {

				@Override
				public String name() {
					return "kubernetes";
				}

				@Override
				public String enqueue(JobMessage message) {
					throw new AssertionError();
				}

				@Override
				public String enqueueAt(JobMessage message, java.time.Instant time) {
					throw new AssertionError();
				}

				@Override
				public BackendCapabilities capabilities() {
					return BackendCapabilities.none().withDurable().withMaxDelay(Duration.ofDays(365));
				}

			};
		}

	}

}
