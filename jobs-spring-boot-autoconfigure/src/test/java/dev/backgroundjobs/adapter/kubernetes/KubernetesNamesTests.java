package dev.backgroundjobs.adapter.kubernetes;

import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names and labels are valid whatever a job is called.
 */
class KubernetesNamesTests {

	private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

	@ParameterizedTest
	@ValueSource(strings = { "pi.compute", "Pi", "a", "0", "7zip", "_x_", "...", "-", "a__b..c--d", "A.B.C",
			"reports.generate-monthly_summary", "x.", "-a-" })
	void namesAJobOfAnyShape(String job) {
		Job manifest = new ManifestFixture(Plain.class).message(ManifestFixture.message(job, "[]")).manifest().job();
		assertThat(manifest.getMetadata().getName()).matches(LABEL);
		assertThat(manifest.getMetadata().getAnnotations()).containsEntry(KubernetesNames.JOB_NAME, job);
	}

	@Test
	void namesAnyJob() {
		long seed = 4_711;
		Random random = new Random(seed);
		String letters = "abcXYZ0189._-";
		Set<String> jobs = new HashSet<>();
		Set<String> names = new HashSet<>();
		Set<String> labels = new HashSet<>();
		for (int i = 0; i < 2000; i++) {
			StringBuilder job = new StringBuilder();
			int length = 1 + random.nextInt(128);
			while (job.length() < length) {
				job.append(letters.charAt(random.nextInt(letters.length())));
			}
			if (jobs.add(job.toString())) {
				JobMessageBuilder message = JobMessage
					.builder(ManifestFixture.ID, job.toString(), "heavy", "[]", Instant.EPOCH)
					.deduplicationKey("once");
				String name = KubernetesNames.of(message.build());
				assertThat(name).as("seed %d: %s", seed, job).matches(LABEL);
				names.add(name);
				labels.add(KubernetesNames.label(job.toString()));
				if (i % 20 == 0) {
					// Checked as a whole, which takes its time.
					assertThat(
							new ManifestFixture(Plain.class).message(message).manifest().job().getMetadata().getName())
						.isEqualTo(name);
				}
			}
		}
		assertThat(names).hasSameSizeAs(jobs);
		assertThat(labels).hasSameSizeAs(jobs);
	}

	@Test
	void tellsNamesApartThatDifferOnlyInTheirSigns() {
		assertThat(Set.of(KubernetesNames.label("a.b"), KubernetesNames.label("a-b"), KubernetesNames.label("a_b"),
				KubernetesNames.label("-a.b"), KubernetesNames.label("a/b"), KubernetesNames.label("A.B")))
			.hasSize(6);
		assertThat(KubernetesNames.label("x".repeat(128))).hasSizeLessThanOrEqualTo(63)
			.isNotEqualTo(KubernetesNames.label("x".repeat(127)));
	}

	@Test
	void namesAMessageByItsKeyOnly() {
		JobMessage message = ManifestFixture.message("pi.compute", "[1]").build();
		assertThat(KubernetesNames.of(message)).isEqualTo(KubernetesNames.of(message.withAttempt(4)))
			.isNotEqualTo(KubernetesNames.of(message.successor().build()));
		assertThat(KubernetesNames.of("pi.compute", ManifestFixture.ID, 1))
			.isEqualTo(KubernetesNames.of(message.successor().build()));
	}

	static class Plain {

		void run() {
		}

	}

}
