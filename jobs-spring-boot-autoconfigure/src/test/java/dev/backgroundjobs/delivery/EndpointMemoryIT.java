package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import dev.backgroundjobs.HandmadeForms;
import dev.backgroundjobs.TestKeys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Large requests leave nothing behind.
 */
class EndpointMemoryIT extends EndpointFixtureTests {

	private static final int SIZE = 1_400_000;

	private static final int REQUESTS = 15;

	private static final long GROWTH = 12L * 1024 * 1024;

	@BeforeAll
	static void start() {
		use(Server.startPlain("jobs.encryption.keys.e1=" + TestKeys.secret("e1")));
	}

	enum Junk {

		TEXT, NO_SIGNATURE, DOTS, WRONG_SIGNATURE, SIGNED_AND_NOT_JSON, SIGNED_AND_UNKNOWN, SIGNED_AND_TOO_DEEP,
		WRONG_TAG, ENCRYPTED_AND_NOT_SIGNED, ENCRYPTED_AND_NOT_JSON

	}

	@ParameterizedTest
	@EnumSource
	void manyLargeRequestsDoNotGrowTheHeap(Junk junk) throws IOException {
		for (int i = 0; i < 5; i++) {
			post(body(junk, i));
		}
		long before = used();
		for (int i = 0; i < REQUESTS; i++) {
			assertThat(post(body(junk, i)).status()).isIn(400, 401, 404);
		}
		assertThat(used() - before).isLessThan(GROWTH);
		assertThat(runs()).isEmpty();
	}

	@Test
	void aBodyThatNobodyVouchesForIsReadNoFurtherThanTheLimit() throws IOException {
		long before = used();
		String head = "POST /_jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
				+ "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
		StringBuilder chunks = new StringBuilder();
		for (int i = 0; i < 1900; i++) {
			chunks.append("400\r\n").append("e".repeat(1024)).append("\r\n");
		}
		byte[] body = chunks.append("0\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
		for (int i = 0; i < 50; i++) {
			assertRefused(server().exchange(head, body), 413);
		}
		assertThat(used() - before).isLessThan(GROWTH);
	}

	private static byte[] body(Junk junk, int seed) {
		String text = switch (junk) {
			case TEXT -> "x".repeat(SIZE);
			case NO_SIGNATURE -> "e".repeat(SIZE);
			case DOTS -> "e" + ".".repeat(SIZE);
			case WRONG_SIGNATURE -> jws(header(), random(seed), K0);
			case SIGNED_AND_NOT_JSON -> jws(header(), random(seed), K1);
			case SIGNED_AND_UNKNOWN ->
				signed(message("endpoint.unknown" + seed).with("args", "[\"" + "x".repeat(990_000) + "\"]"));
			case SIGNED_AND_TOO_DEEP -> signed(message("endpoint.none").with("x" + seed, "[".repeat(1_000_000)));
			case WRONG_TAG -> encrypted("JOSE", random(seed), "e2");
			case ENCRYPTED_AND_NOT_SIGNED -> encrypted("json", random(seed), "e1");
			case ENCRYPTED_AND_NOT_JSON -> encrypted("JOSE",
					jws(header(), Arrays.copyOf(random(seed), SIZE / 2), K1).getBytes(StandardCharsets.US_ASCII), "e1");
		};
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private static String encrypted(String type, byte[] content, String key) {
		return HandmadeForms.encrypt("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"e1\",\"cty\":\"" + type + "\"}",
				content, TestKeys.secret(key));
	}

	private static byte[] random(int seed) {
		byte[] bytes = new byte[SIZE * 3 / 4];
		new Random(seed).nextBytes(bytes);
		return bytes;
	}

	private static long used() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
