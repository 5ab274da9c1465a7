package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint beside Spring Security's default, form login on every path.
 */
class EndpointSecurityTests extends EndpointFixtureTests {

	@BeforeAll
	static void start() {
		use(Server.start(Application.class));
	}

	@Test
	void theDefaultChainIsStillTheOnlyOne() {
		assertThat(server().bean(SecurityFilterChain.class)).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/x", "/_job", "/_jobs/x", "/_JOBS", "/actuator", "/actuator/jobs", "/_jobs.json" })
	void everyOtherPathStillAsksForALogin(String path) throws IOException {
		Answer page = server().send("GET", path, new byte[0], "Accept: text/html");
		assertThat(page.status()).isEqualTo(302);
		assertThat(page.header("location")).endsWith("/login");
		assertThat(server().send("GET", path, new byte[0], "Accept: application/json").status()).isEqualTo(401);
		assertThat(server().send("GET", path, new byte[0], "Accept: text/html", "X-Forwarded-For: 127.0.0.1").status())
			.isEqualTo(302);
	}

	@ParameterizedTest
	@CsvSource({ "/_jobs", "/_jobs;x=1", "/%5Fjobs", "//_jobs", "/_jobs?x=1" })
	void thePathNeverAsksForALogin(String path) throws IOException {
		for (String accept : new String[] { "*/*", "text/html", "application/json", "image/png" }) {
			Answer answer = server().send("POST", path,
					message("endpoint.none").json().getBytes(StandardCharsets.UTF_8), "Accept: " + accept);
			assertRefused(answer, 401);
		}
	}

	@ParameterizedTest
	@CsvSource({ "user, password", "user, ''", "admin, admin" })
	void aLoginDoesNotMakeACallerTrusted(String user, String password) throws IOException {
		String credentials = Base64.getEncoder()
			.encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
		assertRefused(post(message("endpoint.none").json().getBytes(StandardCharsets.UTF_8),
				"Authorization: Basic " + credentials), 401);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/_jobs/", "/_jobs//", "/_jobs/.", "/x/../_jobs/" })
	void aSlashTooManyIsNotAnsweredWithARedirect(String path) throws IOException {
		for (String accept : new String[] { "*/*", "text/html", "application/json" }) {
			assertRefused(server().send("POST", path, message("endpoint.none").json().getBytes(StandardCharsets.UTF_8),
					"Accept: " + accept), 401);
		}
		assertThat(
				server().send("POST", path, signed(message("endpoint.none")).getBytes(StandardCharsets.UTF_8)).status())
			.isEqualTo(204);
		assertThat(runs()).containsExactly("none");
	}

}
