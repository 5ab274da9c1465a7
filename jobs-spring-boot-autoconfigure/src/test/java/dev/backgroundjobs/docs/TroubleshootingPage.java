package dev.backgroundjobs.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * docs/troubleshooting.md, section by section. What it shows in {@code text} blocks must
 * be what somebody sees: lines may be broken elsewhere, and a line of three dots stands
 * for lines left out.
 */
final class TroubleshootingPage {

	private static final Map<String, String> SECTIONS = read();

	private TroubleshootingPage() {
	}

	static List<String> sections() {
		return List.copyOf(SECTIONS.keySet());
	}

	/**
	 * Check that each text that a section shows is seen.
	 * @param section the section's heading
	 * @param seen what is seen, some of which is left out
	 */
	static void assertShown(String section, String... seen) {
		List<String> blocks = blocks(section, "text");
		assertThat(blocks).as("texts of section '%s'", section).isNotEmpty();
		String all = normalized(String.join("\n", seen));
		for (String block : blocks) {
			assertThat(Arrays.stream(block.split("\\R\\s*(?:\\.\\.\\.|…)\\s*\\R")).map(TroubleshootingPage::normalized))
				.as("shown in section '%s'", section)
				.allSatisfy((part) -> assertThat(all).contains(part));
		}
	}

	/**
	 * Return the blocks of a section.
	 * @param language what stands behind the opening marks
	 */
	static List<String> blocks(String section, String language) {
		String text = SECTIONS.get(section);
		assertThat(text).as("section '%s'", section).isNotNull();
		List<String> blocks = new ArrayList<>();
		Matcher block = Pattern.compile("^```" + language + "\\R(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE)
			.matcher(text);
		while (block.find()) {
			blocks.add(block.group(1).strip());
		}
		return blocks;
	}

	// The examples of an application are classes within the tests here.
	private static String normalized(String text) {
		return text.replaceAll("dev\\.backgroundjobs\\.docs\\.\\w+\\$", "com.example.").replaceAll("\\s+", " ").strip();
	}

	private static Map<String, String> read() {
		Map<String, String> sections = new LinkedHashMap<>();
		try {
			for (String part : Files.readString(Path.of("../docs/troubleshooting.md")).split("(?m)^#{2,3} ")) {
				String[] heading = part.split("\\R", 2);
				if (heading[1].contains("```text")) {
					sections.put(heading[0].strip(), heading[1]);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return sections;
	}

}
