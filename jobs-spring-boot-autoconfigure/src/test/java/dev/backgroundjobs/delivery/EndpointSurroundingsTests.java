package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import dev.backgroundjobs.message.MessageLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint is the same in every servlet application.
 */
@ParameterizedClass
@EnumSource
class EndpointSurroundingsTests extends EndpointFixtureTests {

	private static final String WITHOUT_MVC = "org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration,"
			+ "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration,"
			+ "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration";

	@Parameter
	Application application;

	@BeforeParameterizedClassInvocation
	static void start(Application application) {
		use(Server.start(EndpointFixtureTests.Application.class, application.properties.toArray(String[]::new))
			.at(application.path));
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		stopServer();
	}

	@Test
	void runsASignedMessage() throws IOException {
		Answer answer = post(good());
		assertThat(answer.status()).isEqualTo(204);
		assertHarmless(answer);
		assertThat(runs()).containsExactly("echo good");
	}

	@Test
	void refusesAMessageThatIsNotSigned() throws IOException {
		assertRefused(post(message("endpoint.none").json()), 401);
	}

	@Test
	void refusesAMessageThatIsNotSignedFromABrowser() throws IOException {
		assertRefused(post(message("endpoint.none").json().getBytes(StandardCharsets.UTF_8), "Accept: text/html",
				"X-Requested-With: XMLHttpRequest", "Origin: http://evil.example", "Cookie: JSESSIONID=" + MARK), 401);
	}

	@Test
	void refusesASignedMessageThatIsNone() throws IOException {
		assertRefused(post(signed("{}")), 400);
	}

	@Test
	void putsOffAJobItDoesNotKnow() throws IOException {
		assertRefused(post(signed(message("endpoint.other"))), 404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "PUT", "DELETE", "OPTIONS", "PATCH", "FOO" })
	void takesNoOtherMethod(String method) throws IOException {
		assertRefused(server().send(method, this.application.path, good(), "Accept: text/html"), 405);
	}

	@Test
	void takesNoForm() throws IOException {
		assertRefused(post("job=endpoint.none".getBytes(StandardCharsets.UTF_8),
				"Content-Type: application/x-www-form-urlencoded"), 415);
	}

	@Test
	void takesNoBodyThatIsTooLong() throws IOException {
		byte[] junk = new byte[MessageLimits.MAX_BYTES + 1];
		Arrays.fill(junk, (byte) 'e');
		assertRefused(post(junk), 413);
	}

	@Test
	void answersABodyThatEndsEarlyItself() throws IOException {
		try (Socket socket = server().connect()) {
			socket.getOutputStream()
				.write(("POST " + this.application.path
						+ " HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n"
						+ "Content-Type: application/json\r\nContent-Length: 100\r\n\r\ne")
					.getBytes(StandardCharsets.US_ASCII));
			socket.shutdownOutput();
			assertUnreadable(Answer.parse(Server.readAll(socket.getInputStream())));
		}
	}

	@Test
	void answersABodyThatCannotBeReadItself() throws IOException {
		String head = "POST " + this.application.path
				+ " HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n"
				+ "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
		assertUnreadable(server().exchange(head, "zz\r\nabc\r\n".getBytes(StandardCharsets.US_ASCII)));
	}

	// Without an error page the server writes a page of its own, which is no worse.
	private void assertUnreadable(Answer answer) {
		if (this.application == Application.WITHOUT_MVC) {
			assertThat(answer.status()).isEqualTo(400);
			assertHarmless(answer);
		}
		else {
			assertRefused(answer, 400);
		}
		assertThat(runs()).isEmpty();
	}

	private static byte[] good() {
		return signed(message("endpoint.echo").with("args", "[\"good\"]")).getBytes(StandardCharsets.UTF_8);
	}

	enum Application {

		WITHOUT_SECURITY("/_jobs", "spring.autoconfigure.exclude=" + EndpointFixtureTests.WITHOUT_SECURITY),

		WITH_FORM_LOGIN("/_jobs"),

		WITHOUT_MVC("/_jobs",
				"spring.autoconfigure.exclude=" + EndpointFixtureTests.WITHOUT_SECURITY + ","
						+ EndpointSurroundingsTests.WITHOUT_MVC),

		WITH_CONTEXT_PATH("/shop/_jobs", "server.servlet.context-path=/shop"),

		WITH_SERVLET_PATH("/_jobs", "spring.mvc.servlet.path=/mvc"),

		WITHIN_SERVLET_PATH("/mvc/_jobs", "spring.mvc.servlet.path=/mvc", "jobs.endpoint.path=/mvc/_jobs"),

		WITH_OTHER_PATH("/internal/run.it", "jobs.endpoint.path=/internal/run.it"),

		WITH_FORWARD_HEADERS("/_jobs", "server.forward-headers-strategy=framework"),

		WITH_FILTERS("/_jobs", "spring.mvc.hiddenmethod.filter.enabled=true", "server.servlet.encoding.force=true"),

		WITH_ERRORS_IN_FULL("/_jobs", "spring.web.error.include-message=always",
				"spring.web.error.include-stacktrace=always", "spring.web.error.include-exception=true",
				"server.error.include-message=always", "server.error.include-stacktrace=always");

		private final String path;

		private final List<String> properties;

		Application(String path, String... properties) {
			this.path = path;
			this.properties = List.of(properties);
		}

	}

}
