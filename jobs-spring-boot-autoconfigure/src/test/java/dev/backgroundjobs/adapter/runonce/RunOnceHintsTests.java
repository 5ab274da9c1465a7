package dev.backgroundjobs.adapter.runonce;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is found by name is found in a native image, too.
 */
class RunOnceHintsTests {

	@ParameterizedTest
	@ValueSource(classes = { RunOnceEnvironmentPostProcessor.class, RunOnceRunListener.class })
	void whatSpringFactoriesNamesCanBeConstructed(Class<?> type) {
		RuntimeHints hints = new RuntimeHints();
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.forEach((registrar) -> registrar.registerHints(hints, getClass().getClassLoader()));
		assertThat(hints.reflection().getTypeHint(TypeReference.of(type))).isNotNull()
			.satisfies((hint) -> assertThat(hint.getMemberCategories())
				.contains(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS));
	}

	@Test
	void nothingIsRunWhileTheApplicationIsProcessed() {
		System.setProperty("spring.aot.processing", "true");
		try {
			OnceStart start = new OnceStart().message("nonsense");
			assertThat(new RunOnceProperties(start.environment()).request()).isNull();
		}
		finally {
			System.clearProperty("spring.aot.processing");
		}
	}

}
