package dev.backgroundjobs.docs;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.test.AutoConfigureJobsTester;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The authenticator and the decoder of docs/own-backend.md, over a real server.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "app.courier-secret=" + CourierTests.SECRET, "jobs.endpoint.request-timeout=90s" })
@AutoConfigureJobsTester
@ExtendWith(OutputCaptureExtension.class)
class CourierTests {

	static final String SECRET = "0123456789abcdef0123456789abcdef";

	@LocalServerPort
	int port;

	@Autowired
	JobMessageCodec codec;

	@Autowired
	Doorbell doorbell;

	@BeforeEach
	void forgetRings() {
		this.doorbell.rings.clear();
	}

	@Test
	void runsWhatTheCourierBrings() throws Exception {
		assertThat(deliver(SECRET, parcel(1)).statusCode()).isEqualTo(204);
		assertThat(this.doorbell.rings).containsExactly("front");
	}

	@Test
	void refusesACourierWithAnotherSecret() throws Exception {
		assertThat(deliver(SECRET.replace('f', 'e'), parcel(1)).statusCode()).isEqualTo(401);
		assertThat(deliver("", parcel(1)).statusCode()).isEqualTo(401);
		assertThat(this.doorbell.rings).isEmpty();
	}

	@Test
	void refusesACourierWithoutASecret() throws Exception {
		HttpRequest request = request(parcel(1)).build();
		assertThat(send(request).statusCode()).isEqualTo(401);
		assertThat(this.doorbell.rings).isEmpty();
	}

	@Test
	void takesAMessageWithoutAParcelFromTheCourier() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/_jobs"))
			.header("Content-Type", "application/json")
			.header("Courier-Secret", SECRET)
			.POST(BodyPublishers.ofByteArray(message(Instant.now())))
			.build();
		assertThat(send(request).statusCode()).isEqualTo(204);
		assertThat(this.doorbell.rings).containsExactly("front");
	}

	@Test
	void answersThatAParcelCannotBeRead(CapturedOutput output) throws Exception {
		HttpResponse<String> response = deliver(SECRET, "{\"content\":\"***\",\"attempt\":1}");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).doesNotContain("***", "parcel");
		assertThat(output).contains("A request cannot be decoded: it is no parcel");
	}

	@Test
	void countsWhatTheCourierCounts() throws Exception {
		String old = parcel(40, Instant.now().minus(Duration.ofDays(2)));
		assertThat(deliver(SECRET, old).statusCode()).isEqualTo(204);
		assertThat(this.doorbell.rings).as("runs of a message that was brought 40 times in two days").isEmpty();
		assertThat(deliver(SECRET, parcel(40)).statusCode()).isEqualTo(204);
		assertThat(this.doorbell.rings).as("runs of one that may have met an outage").containsExactly("front");
	}

	@Test
	void endsWithTheRequest() throws Exception {
		Instant before = Instant.now();
		deliver(SECRET, parcel(1));
		assertThat(this.doorbell.deadline).isBetween(before, Instant.now().plusSeconds(90));
	}

	private String parcel(int attempt) {
		return parcel(attempt, Instant.now());
	}

	private String parcel(int attempt, Instant enqueuedAt) {
		return "{\"content\":\"" + Base64.getEncoder().encodeToString(message(enqueuedAt)) + "\",\"attempt\":" + attempt
				+ "}";
	}

	private byte[] message(Instant enqueuedAt) {
		JobMessage message = JobMessage
			.builder(UUID.randomUUID().toString(), "doorbell.ring", "default", "[\"front\"]", enqueuedAt)
			.build();
		return this.codec.encode(message).bytes();
	}

	private HttpResponse<String> deliver(String secret, String body) throws Exception {
		return send(request(body).header("Courier-Secret", secret).build());
	}

	private HttpRequest.Builder request(String body) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/_jobs"))
			.header("Content-Type", "application/json")
			.header("Courier-Parcel", "p-1")
			.POST(BodyPublishers.ofString(body));
	}

	private static HttpResponse<String> send(HttpRequest request) throws Exception {
		return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
	}

	static class Doorbell {

		final List<String> rings = new CopyOnWriteArrayList<>();

		volatile Instant deadline;

		@BackgroundJob
		void ring(String door) {
			this.rings.add(door);
			this.deadline = JobContext.current().deadline();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Doorbell.class, CourierAuthenticator.class, CourierDecoder.class })
	static class Application {

	}

}
