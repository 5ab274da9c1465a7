package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application's own authenticators, decoders and responders can do, and what
 * happens when they fail.
 */
class EndpointCallersTests extends EndpointFixtureTests {

	@BeforeAll
	static void start() {
		use(Server.start(OwnCallers.class));
	}

	@ParameterizedTest
	@CsvSource({ "ACCEPT, 204", "ABSTAIN, 401", "REFUSE, 401", "FORBID, 403", "UNAVAILABLE, 503" })
	void aDecisionIsAStatus(Decision decision, int status) throws IOException {
		Answer answer = post(unsigned(), "X-Decision: " + decision);
		assertThat(answer.status()).isEqualTo(status);
		assertHarmless(answer);
		if (status != 204) {
			assertOwnProblem(answer);
		}
		assertThat(answer.header("retry-after")).isEqualTo((status == 503) ? "5" : null);
		assertThat(runs()).hasSize((status == 204) ? 1 : 0);
	}

	@ParameterizedTest
	@CsvSource({ "ACCEPT, 204", "ABSTAIN, 204", "REFUSE, 401", "FORBID, 403", "UNAVAILABLE, 503" })
	void aSignatureCountsWhereNobodyDecides(Decision decision, int status) throws IOException {
		assertThat(post(bytes(signed(echo())), "X-Decision: " + decision).status()).isEqualTo(status);
		assertThat(runs()).hasSize((status == 204) ? 1 : 0);
	}

	@ParameterizedTest
	@CsvSource({ "ABSTAIN, ACCEPT, 204", "ABSTAIN, FORBID, 403", "REFUSE, ACCEPT, 401", "FORBID, ACCEPT, 403",
			"ACCEPT, FORBID, 204" })
	void theFirstThatDecidesWins(Decision first, Decision second, int status) throws IOException {
		assertThat(post(unsigned(), "X-Decision: " + first, "X-Second: " + second).status()).isEqualTo(status);
		assertThat(runs()).hasSize((status == 204) ? 1 : 0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "throw", "null", "cause", "error" })
	void anAuthenticatorThatFailsLetsNobodyIn(String way) throws IOException {
		assertRefused(post(unsigned(), "X-Decision: " + way), 500);
		assertRefused(post(bytes(signed(echo())), "X-Decision: " + way), 500);
	}

	@Test
	void aTrustedCallersSignatureIsVerifiedAllTheSame() throws IOException {
		String body = jws(header(), bytes(echo().json()), K0);
		assertRefused(post(bytes(body), "X-Decision: ACCEPT"), 401);
	}

	@Test
	void anExpiredSignatureOfATrustedCallerIsDeadAndNotRun() throws IOException {
		String body = jws("{\"alg\":\"HS256\",\"kid\":\"k1\",\"exp\":1}", bytes(echo().json()), K1);
		assertThat(post(bytes(body), "X-Decision: ACCEPT").status()).isEqualTo(204);
		assertThat(runs()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "[]", "{\"v\":1}", "nonsense", "", " ", "{\"v\":1,\"v\":1}", "\uFEFF{}", "<a/>" })
	void whatATrustedCallerSendsAndIsNoMessageIsNotRun(String body) throws IOException {
		assertRefused(post(bytes(body), "X-Decision: ACCEPT"), 400);
	}

	@Test
	void anAuthenticatorSeesTheRequestAndNotItsBody() throws IOException {
		List<String> seen = server().bean(Seen.class).values;
		seen.clear();
		server().send("POST", "/_jobs;x=1?y=2", unsigned(), "X-Decision: ACCEPT", "X-A: 1", "x-a: 2");
		assertThat(seen).containsExactly("POST", "/_jobs", "1", "[1, 2]", "127.0.0.1", "true");
	}

	@Test
	void aDecoderFindsSeveralMessagesAndAResponderAnswersThem() throws IOException {
		String body = echo().json() + "\n" + "nonsense\n" + message("endpoint.other").json() + "\n" + echo().json();
		Answer answer = post(bytes(body), "X-Decision: ACCEPT", "X-Decoder: lines");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("content-type")).isEqualTo("application/json");
		assertThat(answer.body()).isEqualTo("[\"DONE\",\"UNREADABLE\",\"RELEASED_UNKNOWN\",\"DONE\"]");
		assertThat(runs()).hasSize(2);
	}

	@Test
	void equalMessagesOfOneRequestRunOnceAndShareWhatBecomesOfThem() throws IOException {
		String one = echo().json();
		Answer answer = post(bytes(one + "\n" + one), "X-Decision: ACCEPT", "X-Decoder: lines");
		assertThat(answer.body()).isEqualTo("[\"DONE\",\"DONE\"]");
		assertThat(runs()).hasSize(1);
	}

	@Test
	void whatADecoderFindsInTheBodyOfACallerThatIsNotTrustedMustBeSigned() throws IOException {
		Answer answer = post(bytes(echo().json() + "\n" + signed(echo())), "X-Decoder: lines");
		assertThat(answer.body()).isEqualTo("[\"UNTRUSTED\",\"DONE\"]");
		assertThat(runs()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "throw", "empty" })
	void aDecoderThatFailsIsAnsweredInOurWords(String way) throws IOException {
		assertRefused(post(unsigned(), "X-Decision: ACCEPT", "X-Decoder: " + way), 500);
	}

	@ParameterizedTest
	@ValueSource(strings = { "responder-throws", "responder-null", "responder-302", "responder-100", "responder-0" })
	void aResponderThatFailsIsAnsweredInOurWords(String way) throws IOException {
		Answer answer = post(unsigned(), "X-Decision: ACCEPT", "X-Decoder: " + way);
		assertThat(answer.status()).isEqualTo(500);
		assertOwnProblem(answer);
	}

	@Test
	void aResponderSetsStatusAndBody() throws IOException {
		Answer answer = post(unsigned(), "X-Decision: ACCEPT", "X-Decoder: responder-429");
		assertThat(answer.status()).isEqualTo(429);
		assertThat(answer.header("retry-after")).isEqualTo("7");
		assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
		assertThat(answer.body()).isEqualTo("{\"é\":1}".replace("é", "Ã©"));
	}

	@Test
	void whileDrainingNothingRunsAndCallersAreToldToComeBack() throws IOException {
		DeliveryProcessor processor = server().bean(DeliveryProcessor.class);
		processor.drain();
		try {
			for (String decision : new String[] { "ACCEPT", "ABSTAIN", "REFUSE" }) {
				Answer answer = post(bytes(signed(echo())), "X-Decision: " + decision);
				assertRefused(answer, 503);
				assertThat(answer.header("retry-after")).isEqualTo("5");
			}
			assertRefused(server().send("GET", "/_jobs", new byte[0]), 405);
		}
		finally {
			processor.open();
		}
	}

	private static Message echo() {
		return message("endpoint.echo").with("args", "[\"" + MARK + "\"]");
	}

	private static byte[] unsigned() {
		return bytes(echo().json());
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static class Seen {

		final List<String> values = new ArrayList<>();

	}

	@Import({ Application.class, Seen.class })
	static class OwnCallers {

		@Bean
		@Order(1)
		DeliveryAuthenticator firstAuthenticator(Seen seen) {
			return (request) -> {
				seen.values.addAll(List.of(request.method(), request.path(), String.valueOf(request.header("X-A")),
						request.headers("x-a").toString(), request.remoteAddress(),
						String.valueOf(request.isLoopback())));
				return decide(request.header("X-Decision"));
			};
		}

		@Bean
		@Order(2)
		DeliveryAuthenticator secondAuthenticator() {
			return (request) -> decide(request.header("X-Second"));
		}

		private static Decision decide(String header) {
			if (header == null) {
				return Decision.ABSTAIN;
			}
			return switch (header) {
				case "throw" -> throw new IllegalStateException(MARK);
				case "cause" -> throw new RuntimeException(MARK, new IOException(MARK));
				case "null" -> null;
				case "error" -> throw new StackOverflowError(MARK);
				default -> Decision.valueOf(header);
			};
		}

		@Bean
		DeliveryDecoder decoder() {
			return (request, body, isTrusted) -> {
				String way = request.header("X-Decoder");
				if (way == null) {
					return null;
				}
				List<Delivery> one = List.of(Delivery.pushed(body, isTrusted, 0, null));
				return switch (way) {
					case "throw" -> throw new IllegalArgumentException(MARK);
					case "empty" -> new DecodedRequest(List.of(), (all) -> {
						throw new IndexOutOfBoundsException(MARK);
					});
					case "responder-throws" -> new DecodedRequest(one, (all) -> {
						throw new IllegalStateException(MARK);
					});
					case "responder-null" -> new DecodedRequest(one, (all) -> null);
					case "responder-429" ->
						new DecodedRequest(one, (all) -> new DeliveryResponse(429, "{\"é\":1}", Duration.ofSeconds(7)));
					case "lines" -> new DecodedRequest(new String(body, StandardCharsets.UTF_8).lines()
						.map((line) -> Delivery.pushed(bytes(line), isTrusted, 0, null))
						.toList(), OwnCallers::list);
					default -> new DecodedRequest(one,
							(all) -> DeliveryResponse.of(Integer.parseInt(way.substring(way.indexOf('-') + 1))));
				};
			};
		}

		private static DeliveryResponse list(List<Settlement> settlements) {
			return new DeliveryResponse(200,
					"[" + String.join(",", settlements.stream().map((one) -> "\"" + one + "\"").toList()) + "]", null);
		}

	}

}
