package dev.backgroundjobs.sample.conversion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ObjectName}.
 */
class ObjectNameTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "/etc/passwd.docx", "../x.docx", "in/../../x.docx", "in/./x.docx", "in//x.docx",
			"in/", "..", "in\\..\\x.docx", "C:\\x.docx", "in/x\0.docx", "in/x\n.docx" })
	void refusesWhatCouldMeanSomethingElse(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new ObjectName(name)).withMessageContaining("refused");
	}

	@Test
	void writesNoLineOfItsOwnToALog() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ObjectName("a\r\nERROR forged"))
			.withMessageContaining("'a??ERROR forged'");
	}

	@ParameterizedTest
	@CsvSource({ "a.docx, a.pdf", "in/a b.docx, in/a b.pdf", "in/A.DOCX, in/A.pdf", "..docx, ..pdf",
			"a.docx.docx, a.docx.pdf", "plain, plain.pdf", "Αναφορά 100%#?.docx, Αναφορά 100%#?.pdf" })
	void namesThePdfAfterTheDocument(String name, String pdf) {
		assertThat(new ObjectName(name).pdf().value()).isEqualTo(pdf);
	}

}
