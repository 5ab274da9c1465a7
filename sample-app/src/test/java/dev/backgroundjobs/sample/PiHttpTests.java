package dev.backgroundjobs.sample;

import java.net.http.HttpResponse;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@code /pi} promises, where the job is a method.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class PiHttpTests {

	@TempDir
	static Path storage;

	private PaperworkClient client;

	@DynamicPropertySource
	static void storage(DynamicPropertyRegistry registry) {
		registry.add("paperwork.storage", () -> storage);
	}

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = new PaperworkClient(port);
	}

	@Test
	void acceptsAComputationAndSaysWhereToLook() throws Exception {
		HttpResponse<byte[]> accepted = post("/pi?digits=50");
		assertThat(accepted.statusCode()).isEqualTo(202);
		JsonNode queued = this.client.json(accepted);
		assertThat(queued.propertyNames()).containsExactly("id", "digits", "state");
		assertThat(queued.get("state").asString()).isEqualTo("queued");
		assertThat(accepted.headers().firstValue("Location")).hasValue("/pi/" + queued.get("id").asString());
	}

	@Test
	void computesPi() throws Exception {
		JsonNode done = compute("?digits=50");
		assertThat(done.propertyNames()).containsExactly("id", "digits", "state", "result");
		assertThat(done.get("state").asString()).isEqualTo("done");
		assertThat(done.get("digits").asInt()).isEqualTo(50);
		assertThat(done.get("result").asString()).isEqualTo("3.1415926535897932384626433832795028841971693993751");
	}

	@Test
	void computesTwoThousandDigitsUnlessItIsToldOtherwise() throws Exception {
		assertThat(compute("").get("result").asString()).hasSize(2_001);
	}

	@Test
	void keepsAsManyDigitsAsItTakes() throws Exception {
		assertThat(compute("?digits=10000").get("result").asString()).hasSize(10_001);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "0 | 0 digits of pi are out of range: ask for 1 to 10000.",
					"-1 | -1 digits of pi are out of range: ask for 1 to 10000.",
					"10001 | 10001 digits of pi are out of range: ask for 1 to 10000.",
					"all | Failed to convert 'digits' with value: 'all'" })
	void refusesDigitsOutOfRange(String digits, String detail) throws Exception {
		assertProblem(post("/pi?digits=" + digits), 400, detail);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/pi/0b5c2a1e-6c51-4b6e-9d4e-0f6f0f4b3a11", "/pi/nonsense" })
	void knowsNoOtherComputations(String path) throws Exception {
		assertProblem(this.client.get(path), 404, "There is no such computation.");
	}

	private JsonNode compute(String query) throws Exception {
		return this.client.awaitFinal(post("/pi" + query).headers().firstValue("Location").orElseThrow());
	}

	private HttpResponse<byte[]> post(String path) throws Exception {
		return this.client.post(path, "application/json", new byte[0]);
	}

	private void assertProblem(HttpResponse<byte[]> response, int status, String detail) {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(this.client.json(response).get("detail").asString()).isEqualTo(detail);
	}

}
