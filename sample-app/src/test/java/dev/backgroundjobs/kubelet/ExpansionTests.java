package dev.backgroundjobs.kubelet;

import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Expansion}.
 */
class ExpansionTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "$(HOME) | /root", "a $(HOME)/$(USER) b | a /root/me b", "$(NO) | $(NO)", "$$(HOME) | $(HOME)",
					"$$$(HOME) | $/root", "$$$$ | $$", "${HOME} $HOME 5$ | ${HOME} $HOME 5$", "$(HOME | $(HOME",
					"$ (HOME) | $ (HOME)" })
	void expandsReferencesAndNothingElse(String text, String expected) {
		assertThat(Expansion.expand(text, Map.of("HOME", "/root", "USER", "me"))).isEqualTo(expected);
	}

}
