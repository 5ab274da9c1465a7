package dev.backgroundjobs.adapter.aws;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Random;

import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.InputCost;
import dev.backgroundjobs.event.CloudEventJson;
import dev.backgroundjobs.event.EventJson;
import dev.backgroundjobs.message.ArgumentException;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.SigningKeys;
import dev.backgroundjobs.message.UnreadableMessageException;
import io.cloudevents.CloudEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a body has been changed to, it is events that can be written and read, none,
 * or refused with a text that can be printed.
 */
class AwsEventsMutationTests {

	private static final int BODIES = 20_000;

	// Values of other types, beyond limits, or of other meaning where they are text.
	private static final List<String> ODD = List.of("null", "true", "-1", "1e999999999", "9".repeat(900), "\"\"",
			"\"\\u0000\\n\\u001b[31m\"", "\"\\ud800\"", "\"%\"", "\"%zz\"", "\"%ff+%00\"", "\"//\"", "\"1:a\"",
			"\"\\\\\"", "\"s3:\"", "\"aws.s3\"", "\"Object Created\"", "\"Notification\"", "[]", "[null]", "{}",
			"[[[[{}]]]]", "\"" + "x".repeat(20_000) + "\"", "\"0000-99-99\"", "\"+999999999-12-31T23:59:59Z\"",
			"{\"Records\":[null]}", "\"{\\\"Records\\\":[{\\\"eventSource\\\":\\\"aws:s3\\\"}]}\"",
			"[".repeat(200) + "]".repeat(200));

	private final AwsEventMessages messages = new AwsEventMessages();

	private final AwsPlatformEvents platform = new AwsPlatformEvents();

	@ParameterizedTest
	@ValueSource(longs = { 1, 2 })
	void readsWhatIsChangedOrRefusesIt(long seed) {
		Random random = new Random(seed);
		List<String> bodies = AwsBodies.all().values().stream().sorted().toList();
		int read = 0;
		try (CapturedLog log = new CapturedLog()) {
			for (int i = 0; i < BODIES; i++) {
				String body = bodies.get(random.nextInt(bodies.size()));
				for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
					body = changed(body, random);
				}
				byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
				read += InputCost.limited(bytes, () -> read(bytes));
			}
			assertThat(log.lines()).allSatisfy((line) -> assertThat(line).matches("[^\\p{Cntrl}]*"));
		}
		assertThat(read).as("bodies that are still events").isGreaterThan(BODIES / 10);
	}

	@Test
	void readsManyRecordsInNoTime() {
		String entry = AwsBodies.created().replace("{\"Records\":[", "").replace("]}", "");
		byte[] many = ("{\"Records\":[" + (entry + ",").repeat(3_000) + entry + "]}").getBytes(StandardCharsets.UTF_8);
		assertThat(InputCost.limited(many, () -> AwsEvents.events(EventJson.object(many)))).hasSize(3_001);
	}

	private int read(byte[] body) {
		try {
			List<CloudEvent> events = AwsEvents.events(EventJson.object(body));
			events.forEach(this::check);
			return events.isEmpty() ? 0 : 1;
		}
		catch (UnreadableMessageException | ArgumentException ex) {
			assertThat(ex.getMessage()).matches("[ -~]*");
			return 0;
		}
	}

	private void check(CloudEvent event) {
		CloudEvent read = CloudEventJson
			.read(EventJson.object(CloudEventJson.write(event).getBytes(StandardCharsets.UTF_8)));
		assertThat(read.getType()).isNotEmpty();
		assertThat(this.platform.storageObject(read)).isEqualTo(this.platform.storageObject(event));
		this.platform.identity(event);
		this.platform.content(event);
		JobMessageCodec codec = new JobMessageCodec(SigningKeys.none(), Clock.systemUTC());
		this.messages.of(event).forEach((message) -> codec.encode(message));
	}

	// Somewhere a value becomes an odd one, a key comes twice or is another, a piece is
	// gone or twice.
	private static String changed(String body, Random random) {
		int at = random.nextInt(body.length());
		int colon = body.indexOf(':', at);
		int comma = body.indexOf(',', Math.max(colon, at));
		String odd = ODD.get(random.nextInt(ODD.size()));
		return switch (random.nextInt(6)) {
			case 0, 1, 2 ->
				(colon >= 0 && comma >= 0) ? body.substring(0, colon + 1) + odd + body.substring(comma) : body;
			case 3 ->
				(comma >= 0) ? body.substring(0, comma) + body.substring(Math.min(body.length(), comma + 5)) : body;
			case 4 -> (colon >= 0 && comma >= 0) ? body.substring(0, comma) + ",\"Type\":" + odd + body.substring(comma)
					: body;
			default -> {
				int end = Math.min(body.length(), at + random.nextInt(40));
				yield body.substring(0, at) + body.substring(at, end).repeat(random.nextInt(3)) + body.substring(end);
			}
		};
	}

}
