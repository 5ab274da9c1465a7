package dev.backgroundjobs.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The tests of docs/troubleshooting.md leave nothing out.
 */
class TroubleshootingPageTests {

	@Test
	void everySectionIsTested() throws IOException {
		StringBuilder tests = new StringBuilder();
		for (String name : List.of("Compile", "Start", "Enqueue", "Run")) {
			tests.append(Files
				.readString(Path.of("src/test/java/dev/backgroundjobs/docs/Troubleshooting" + name + "Tests.java")));
		}
		assertThat(TroubleshootingPage.sections()).isNotEmpty()
			.allSatisfy((section) -> assertThat(tests).contains("\"" + section + "\""));
	}

	@Test
	void aTextThatNobodySeesIsNoticed() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> TroubleshootingPage.assertShown("A wrong name", "No job has the name 'report.generate'"));
	}

}
