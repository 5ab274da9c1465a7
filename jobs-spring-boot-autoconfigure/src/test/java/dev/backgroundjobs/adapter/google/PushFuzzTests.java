package dev.backgroundjobs.adapter.google;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.delivery.DecodedRequest;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryRequest;
import dev.backgroundjobs.event.CloudEventJson;
import dev.backgroundjobs.event.EventJson;
import dev.backgroundjobs.message.UnreadableMessageException;
import io.cloudevents.CloudEvent;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever Pub/Sub is told to push, it is a message of ours, an event that can be written
 * and read, or refused.
 */
class PushFuzzTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-02T00:00:00Z"), ZoneOffset.UTC);

	private final PubSubDeliveryDecoder decoder = new PubSubDeliveryDecoder(Duration.ofSeconds(10), CLOCK);

	private final GooglePlatformEvents events = new GooglePlatformEvents();

	/**
	 * The input is a line for each header, an empty line, the body.
	 */
	@FuzzTest
	void readsWhatIsPushedOrRefusesIt(byte[] input) {
		String text = new String(input, StandardCharsets.ISO_8859_1);
		int end = text.indexOf("\n\n");
		Request request = Request.of((end >= 0) ? text.substring(0, end) : "");
		byte[] body = text.substring((end >= 0) ? end + 2 : 0).getBytes(StandardCharsets.ISO_8859_1);
		DecodedRequest decoded;
		try {
			decoded = this.decoder.decode(request, body, true);
		}
		catch (UnreadableMessageException ex) {
			assertThat(ex.getMessage()).matches("[ -~]*");
			return;
		}
		if (decoded == null) {
			return;
		}
		Delivery delivery = decoded.deliveries().get(0);
		CloudEvent event = delivery.event();
		if (event != null) {
			CloudEvent read = CloudEventJson
				.read(EventJson.object(CloudEventJson.write(event).getBytes(StandardCharsets.UTF_8)));
			assertThat(read.getId()).isEqualTo(event.getId());
			assertThat(read.getSubject()).isEqualTo(event.getSubject());
			StorageObject object = this.events.storageObject(read);
			assertThat(object).isEqualTo(this.events.storageObject(event));
			assertThat(object != null).isEqualTo(event.getType().startsWith("google.cloud.storage."));
			assertThat(this.events.content(event) != null).isNotEqualTo(object != null);
		}
	}

	private record Request(Map<String, String> headers) implements DeliveryRequest {

		static Request of(String head) {
			Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
			for (String line : head.split("\n", -1)) {
				int colon = line.indexOf(':');
				if (colon > 0) {
					headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
				}
			}
			return new Request(headers);
		}

		@Override
		public String method() {
			return "POST";
		}

		@Override
		public String path() {
			return "/_jobs";
		}

		@Override
		public @Nullable String header(String name) {
			return this.headers.get(name);
		}

		@Override
		public List<String> headers(String name) {
			String value = header(name);
			return (value != null) ? List.of(value) : List.of();
		}

		@Override
		public String remoteAddress() {
			return "127.0.0.1";
		}

		@Override
		public boolean isLoopback() {
			return true;
		}

	}

}
