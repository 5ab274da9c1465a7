package dev.backgroundjobs.adapter.kubernetes;

import java.util.Map;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The model of Kubernetes' expansion against examples of its documentation.
 */
class KubernetesExpansionTests {

	@ParameterizedTest
	@CsvSource({ "$(A), a", "x$(A)y, xay", "$$(A), $(A)", "$$$(A), $a", "$$$$(A), $$(A)", "$(B), $(B)", "$(A, $(A",
			"$, $", "$A, $A", "a$$, a$", "$$, $", "$$$, $$", "$(A)$(A), aa", "$(), $()" })
	void expandsAsKubernetesDoes(String text, String expanded) {
		assertThat(KubernetesExpansion.expand(text, Map.of("A", "a"))).isEqualTo(expanded);
	}

	@Test
	void aVariableSeesTheOnesBeforeItAndTheCommandSeesAll() {
		var container = new ContainerBuilder().addToEnv(ContainerWriter.env("A", "$(B)"))
			.addToEnv(ContainerWriter.env("B", "$$(C)"))
			.addToEnv(ContainerWriter.env("D", "$(B)"))
			.withCommand("$(A)", "$(D)")
			.build();
		assertThat(KubernetesExpansion.environment(container)).containsEntry("A", "$(B)")
			.containsEntry("B", "$(C)")
			.containsEntry("D", "$(C)");
		assertThat(KubernetesExpansion.words(container)).containsExactly("$(B)", "$(C)");
	}

}
