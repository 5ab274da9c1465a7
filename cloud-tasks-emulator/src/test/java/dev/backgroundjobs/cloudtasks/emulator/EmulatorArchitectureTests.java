package dev.backgroundjobs.cloudtasks.emulator;

import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the emulator uses and shows.
 */
class EmulatorArchitectureTests {

	private static final JavaClasses EMULATOR = new ClassFileImporter()
		.importUrl(CloudTasksEmulator.class.getProtectionDomain().getCodeSource().getLocation());

	@Test
	void knowsNothingOfTheLibraryOrOfSpring() {
		noClasses().should()
			.dependOnClassesThat()
			.resideOutsideOfPackages(CloudTasksEmulator.class.getPackageName(), "java..", "com.sun.net.httpserver..",
					"com.google..", "com.nimbusds..", "io.grpc..", "org.jspecify..", "org.slf4j..")
			.check(EMULATOR);
	}

	@Test
	void publicTypesAreADecision() {
		assertThat(EMULATOR.stream()
			.filter((type) -> type.getModifiers().contains(JavaModifier.PUBLIC) && type.isTopLevelClass())
			.map(JavaClass::getSimpleName)
			.collect(Collectors.toSet())).containsExactlyInAnyOrder("CloudTasksEmulator", "GoogleTokenIssuer", "Push");
	}

	@Test
	void isNullMarkedAndPrintsNothing() {
		assertThat(CloudTasksEmulator.class.getPackage().isAnnotationPresent(NullMarked.class)).isTrue();
		NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(EMULATOR);
	}

}
