package dev.backgroundjobs.docs;

import java.time.Duration;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.adapter.kubernetes.KubernetesJob;
import dev.backgroundjobs.adapter.kubernetes.KubernetesJob.Volume;
import dev.backgroundjobs.adapter.kubernetes.KubernetesJobCustomizer;
import dev.backgroundjobs.message.JobMessage;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The blocks of {@code docs/kubernetes.md} that are about manifests.
 */
class KubernetesManifestDocTests {

	@Test
	void setsThePriorityOfPods() {
		new ApplicationContextRunner().withUserConfiguration(Priorities.class).run((context) -> {
			JobBuilder builder = new JobBuilder().withNewSpec()
				.withNewTemplate()
				.withNewSpec()
				.endSpec()
				.endTemplate()
				.endSpec();
			JobMessage message = JobMessage
				.builder("0198d7f4-6f2c-7e7a-9d55-0b6c7a4b1c11", "pi.compute", "heavy", "[]", java.time.Instant.EPOCH)
				.priority(7)
				.build();
			context.getBean(KubernetesJobCustomizer.class).customize(builder, message);
			Job job = builder.build();
			assertThat(job.getSpec().getTemplate().getSpec().getPriorityClassName()).isEqualTo("urgent");
		});
	}

	@Test
	void annotatesMethodsOfBeans() throws NoSuchMethodException {
		assertThat(AnnotatedElementUtils.hasAnnotation(Reports.class.getDeclaredMethod("train", Duration.class),
				KubernetesJob.class))
			.isTrue();
		assertThat(AnnotatedElementUtils.hasAnnotation(Pi.class.getDeclaredMethod("compute", int.class),
				KubernetesJob.class))
			.isTrue();
	}

	@Configuration(proxyBeanMethods = false)
	static class Priorities {

		@Bean
		KubernetesJobCustomizer urgentJobs() {
			return (job, message) -> {
				if (message.priority() > 5) {
					job.editSpec()
						.editTemplate()
						.editSpec()
						.withPriorityClassName("urgent")
						.endSpec()
						.endTemplate()
						.endSpec();
				}
			};
		}

	}

	static class Reports {

		@BackgroundJob(queue = "heavy", timeout = "2h")
		@KubernetesJob(cpuRequest = "2", memoryLimit = "${reports.memory:8Gi}", env = "JAVA_OPTS=-XX:+UseZGC",
				volumes = @Volume(name = "models", mountPath = "/models", persistentVolumeClaim = "models"))
		void train(Duration history) {
			List.of(history);
		}

	}

	static class Pi {

		@BackgroundJob(queue = "heavy", maxAttempts = "3", timeout = "30m")
		@KubernetesJob(image = "perl:5.40", memoryLimit = "256Mi",
				command = { "perl", "-Mbignum=bpi", "-wle", "print bpi({digits})" })
		void compute(int digits) {
			Spigot.print(digits); // on other backends
		}

		@BackgroundJob(queue = "heavy")
		@KubernetesJob(image = "pandoc/core:3",
				command = { "sh", "-c", "pandoc \"$JOBS_ARG_FILE\" -o out-{copies}.pdf" })
		void print(String file, int copies) {
			Spigot.print(copies);
		}

	}

	static class Spigot {

		static void print(int digits) {
			assertThat(digits).isPositive();
		}

	}

}
