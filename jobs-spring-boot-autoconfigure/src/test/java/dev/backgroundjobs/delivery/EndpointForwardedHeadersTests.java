package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What was forwarded is never loopback, whatever the application makes of the headers.
 */
@ParameterizedClass
@ValueSource(strings = { "none", "native", "framework" })
class EndpointForwardedHeadersTests extends EndpointFixtureTests {

	@Parameter
	String strategy;

	@BeforeParameterizedClassInvocation
	static void start(String strategy) {
		use(Server.start(Watched.class, "server.forward-headers-strategy=" + strategy));
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		stopServer();
	}

	// Tomcat's RemoteIpValve, which "native" stands for, marks every request from this
	// machine as forwarded and takes the headers away, so there is no telling.
	@Test
	void aCallerOnThisMachineIsLoopbackUnlessTheServerHidesWhetherItWasForwarded() throws IOException {
		assertThat(loopbackSeen()).containsExactly(!this.strategy.equals("native"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: ::1", "X-Forwarded-For: 127.0.0.1, 127.0.0.1",
					"X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 203.0.113.9, 127.0.0.1", "X-Forwarded-For:",
					"X-Forwarded-For: localhost", "x-forwarded-for: 10.0.0.1", "Forwarded: for=127.0.0.1",
					"Forwarded: for=\"[::1]\"", "Forwarded: for=203.0.113.9;proto=https", "Forwarded:",
					"X-Real-IP: 127.0.0.1", "X-Forwarded-Host: localhost", "X-Forwarded-Proto: https", "Via: 1.1 x" })
	void aCallerThatWasForwardedIsNot(String header) throws IOException {
		assertThat(loopbackSeen(header)).containsExactly(false);
	}

	private static List<Boolean> loopbackSeen(String... headers) throws IOException {
		Watch watch = server().bean(Watch.class);
		watch.loopback.clear();
		post(message("endpoint.none").json().getBytes(StandardCharsets.UTF_8), headers);
		return List.copyOf(watch.loopback);
	}

	static class Watch {

		final List<Boolean> loopback = new CopyOnWriteArrayList<>();

	}

	@Import({ Application.class, Watch.class })
	static class Watched {

		@Bean
		DeliveryAuthenticator watchingAuthenticator(Watch watch) {
			return (request) -> {
				watch.loopback.add(request.isLoopback());
				return Decision.ABSTAIN;
			};
		}

	}

}
