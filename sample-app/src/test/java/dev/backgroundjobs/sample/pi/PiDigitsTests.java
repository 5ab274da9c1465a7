package dev.backgroundjobs.sample.pi;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PiDigits}.
 */
class PiDigitsTests {

	@ParameterizedTest
	@CsvSource({ "1, 3", "2, 3.1", "3, 3.14", "4, 3.142", "5, 3.1416", "20, 3.1415926535897932385",
			"33, 3.14159265358979323846264338327950" })
	void roundsTheLastDigit(int digits, String expected) {
		assertThat(PiDigits.of(digits)).isEqualTo(expected);
	}

	@Test
	void knowsTheFeynmanPoint() {
		// The first six nines begin at the 762nd decimal.
		assertThat(PiDigits.of(800).substring(2).indexOf("999999")).isEqualTo(761);
	}

	@Test
	void computesTenThousandDigits() {
		String pi = PiDigits.of(10_000);
		assertThat(pi).hasSize(10_001);
		assertThat(pi).startsWith(PiDigits.of(2_000).substring(0, 1_990));
	}

}
