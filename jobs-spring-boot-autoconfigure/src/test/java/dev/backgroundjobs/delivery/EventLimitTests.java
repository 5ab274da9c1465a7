package dev.backgroundjobs.delivery;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.OnEvent;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Events that no message could carry on: refused before a run, since a failed attempt
 * could not be followed by one that anybody can read.
 */
@Timeout(60)
class EventLimitTests {

	private final Jobs jobs = new Jobs();

	private final RecordingBackend platform = new RecordingBackend("platform", Pipe.CAPABLE);

	private final Pipe pipe = new Pipe(this.jobs, this.platform);

	private static CloudEventBuilder event() {
		return CloudEventBuilder.v1().withId("e-1").withSource(URI.create("/test")).withType("com.example.data");
	}

	private static CloudEvent event(String json) {
		return event().withData("application/json", json.getBytes(StandardCharsets.UTF_8)).build();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0001-01-01T00:00:00Z", "-0999-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z",
			"+12000-01-01T00:00:00Z", "1970-01-01T00:00:00Z" })
	void theRetryOfAnEventOfAnyTimeCanBeRead(String time) {
		CloudEvent event = event().withTime(OffsetDateTime.parse(time)).build();
		assertThat(this.pipe.deliver(event)).isEqualTo(Settlement.REPLACED);
		this.pipe.clock.advance(Duration.ofMinutes(1));
		assertThat(this.pipe.deliver(this.platform.only())).isEqualTo(Settlement.REPLACED);
		assertThat(this.jobs.runs).hasSize(2);
		assertThat(this.platform.sent.get(1).enqueuedAt()).isBetween(Instant.EPOCH, Pipe.NOW);
	}

	@ParameterizedTest
	@ValueSource(ints = { 99, 100 })
	void dataTooDeepForAMessageIsRefusedBeforeARun(int depth) {
		assertThat(this.pipe.deliver(event("[".repeat(depth) + "]".repeat(depth)))).isEqualTo(Settlement.UNREADABLE);
		assertThat(this.jobs.runs).isEmpty();
	}

	@Test
	void dataOfTooManyTokensIsRefusedBeforeARun() {
		assertThat(this.pipe.deliver(event("[" + "1,".repeat(199_990) + "1]"))).isEqualTo(Settlement.UNREADABLE);
		assertThat(this.jobs.runs).isEmpty();
	}

	@Test
	void dataThatTheQueueCannotTakeIsRefusedBeforeARun() {
		RecordingBackend small = new RecordingBackend("small", Pipe.CAPABLE.withMaxMessageBytes(20_000));
		Pipe pipe = new Pipe(this.jobs, small);
		assertThat(pipe.deliver(event("\"" + "ü".repeat(7_000) + "\""))).isEqualTo(Settlement.UNREADABLE);
		assertThat(this.jobs.runs).isEmpty();
		assertThat(pipe.deliver(event("\"" + "u".repeat(7_000) + "\""))).isEqualTo(Settlement.REPLACED);
	}

	@Test
	void anIdTooLongForAMessageIsRefusedBeforeARun() {
		CloudEvent event = event().withId("x".repeat(1_000_001)).build();
		assertThat(this.pipe.deliver(event)).isEqualTo(Settlement.UNREADABLE);
		assertThat(this.jobs.runs).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "*a*a*.docx", "{name:(a|b)*}" })
	void aSubjectThatAPatternCannotBeComparedWithInTimeIsRefused(String pattern) {
		CloudEvent event = event().withType("com.example." + (pattern.startsWith("*") ? "wild" : "regular"))
			.withSubject("a".repeat(9_000))
			.build();
		assertThat(this.pipe.deliver(event)).isEqualTo(Settlement.UNREADABLE);
		assertThat(this.jobs.runs).isEmpty();
	}

	@Test
	void halfACharacterInAnIdDoesNotKeepARetryFromTravelling() {
		CloudEvent event = event().withId("half: \uD83D").build();
		assertThat(this.pipe.deliver(event)).isEqualTo(Settlement.REPLACED);
		this.pipe.clock.advance(Duration.ofMinutes(1));
		assertThat(this.pipe.deliver(this.platform.only())).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.sent.get(1).headers()).containsEntry("ce-id", "half: \uD83D");
	}

	@Test
	void theRetryHasTheDataAsItCame() {
		String data = "{\"price\":1.10,\"big\":123456789012345678901234567890,\"half\":\"\\ud83d\",\"e\":1E+400}";
		assertThat(this.pipe.deliver(event(data))).isEqualTo(Settlement.REPLACED);
		this.pipe.clock.advance(Duration.ofMinutes(1));
		assertThat(this.pipe.deliver(this.platform.only())).isEqualTo(Settlement.REPLACED);
		assertThat(this.platform.sent.get(1).args()).isEqualTo("[" + data + "]");
	}

	static class Jobs {

		final List<JsonNode> runs = new ArrayList<>();

		@BackgroundJob
		@OnEvent(type = "com.example.data")
		void data(JsonNode data) {
			this.runs.add(data);
			throw new IllegalStateException("on purpose");
		}

		@BackgroundJob
		@OnEvent(type = "com.example.wild", subject = "*a*a*.docx")
		void wild(JsonNode data) {
			this.runs.add(data);
		}

		@BackgroundJob
		@OnEvent(type = "com.example.regular", subject = "{name:(a|b)*}")
		void regular(JsonNode data) {
			this.runs.add(data);
		}

	}

}
