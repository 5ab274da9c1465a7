package dev.backgroundjobs.adapter.sqs;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class SqsTextTests {

	@Test
	void leavesTextThatSqsTakes() {
		String json = "{\"a\":\"Grüße\\u0000 你好 😀 \uD7FF\uE000\uFFFD\u007F\u0085\"}\t\r\n";
		assertThat(SqsText.escaped(json)).isSameAs(json);
	}

	@Test
	void escapesNoncharacters() {
		assertThat(SqsText.escaped("[\"a\uFFFEb\uFFFFc\"]")).isEqualTo("[\"a\\uFFFEb\\uFFFFc\"]");
	}

	@Test
	void escapesControlCharacters() {
		assertThat(SqsText.escaped("\u0000\u0001\u000B\u001F")).isEqualTo("\\u0000\\u0001\\u000B\\u001F");
	}

	@Test
	void escapesHalvesOfCharactersAndLeavesWholeOnes() {
		assertThat(SqsText.escaped("\uD83D")).isEqualTo("\\uD83D");
		assertThat(SqsText.escaped("\uDE00x")).isEqualTo("\\uDE00x");
		assertThat(SqsText.escaped("\uDE00\uD83D")).isEqualTo("\\uDE00\\uD83D");
		assertThat(SqsText.escaped("\uD83D\uD83D\uDE00")).isEqualTo("\\uD83D\uD83D\uDE00");
	}

	@Test
	void changesNothingForWhoeverReadsIt() {
		StringBuilder all = new StringBuilder();
		for (int c = 0; c <= Character.MAX_VALUE; c++) {
			all.append((char) c);
		}
		String json = JsonMapper.builder().build().writeValueAsString(all.toString());
		String escaped = SqsText.escaped(json);
		assertThat(escaped.chars()).noneMatch((c) -> c > 0xFFFD);
		assertThat(JsonMapper.builder().build().readValue(escaped, String.class)).isEqualTo(all.toString());
	}

	@Test
	void countsBytes() {
		assertThat(SqsText.bytes("aé你😀")).isEqualTo(10);
	}

}
