package dev.backgroundjobs.adapter.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;
import dev.backgroundjobs.delivery.DeliveryRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LambdaDeliveryAuthenticatorTests {

	private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

	private static final String INVOCATION = "{\"request_id\":\"1\",\"deadline\":1763805660000}";

	private final LambdaDeliveryAuthenticator authenticator = new LambdaDeliveryAuthenticator();

	private static Request passedOn() {
		return new Request(true).with("x-amzn-lambda-context", INVOCATION).with("x-amzn-request-context", "null");
	}

	@Test
	void acceptsWhatTheAdapterPassesOn() {
		assertThat(this.authenticator.authenticate(passedOn())).isEqualTo(Decision.ACCEPT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "null", "{}", "\"\"" })
	void acceptsHoweverTheAdapterSaysThatThereIsNoRequest(String requestContext) {
		assertThat(this.authenticator.authenticate(passedOn().with("x-amzn-request-context", requestContext)))
			.isEqualTo(Decision.ACCEPT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"http\":{\"method\":\"POST\"}}", "{\"elb\":{\"targetGroupArn\":\"a\"}}",
			"{\"accountId\":\"1\",\"stage\":\"prod\",\"httpMethod\":\"POST\"}", "[]", "[{\"http\":{}}]", "{\"http\":",
			"not json", "{\"a\":1,\"a\":2}" })
	void abstainsFromWhatDescribesARequestOrCannotBeRead(String requestContext) {
		assertThat(this.authenticator.authenticate(passedOn().with("x-amzn-request-context", requestContext)))
			.isEqualTo(Decision.ABSTAIN);
	}

	@Test
	void abstainsWhenAnyOfSeveralHeadersDescribesARequest() {
		Request request = passedOn();
		request.headers.put("x-amzn-request-context", List.of("null", "{\"http\":{\"method\":\"POST\"}}"));
		assertThat(this.authenticator.authenticate(request)).isEqualTo(Decision.ABSTAIN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "{}", "x", "[1]" })
	void abstainsWithoutAnInvocation(String context) {
		assertThat(this.authenticator.authenticate(passedOn().with("x-amzn-lambda-context", context)))
			.isEqualTo(Decision.ABSTAIN);
	}

	@Test
	void abstainsFromWhatDidNotComeByWayOfTheAdapter() {
		Request request = new Request(true).with("x-amzn-lambda-context", INVOCATION);
		assertThat(this.authenticator.authenticate(request)).isEqualTo(Decision.ABSTAIN);
	}

	@Test
	void abstainsFromOthersThanTheMachineItself() {
		Request request = new Request(false).with("x-amzn-lambda-context", INVOCATION)
			.with("x-amzn-request-context", "null");
		assertThat(this.authenticator.authenticate(request)).isEqualTo(Decision.ABSTAIN);
	}

	@ParameterizedTest
	@CsvSource({ "deadline, 30000, 30", "deadline_ms, 30000, 30", "deadline, -5000, 0", "deadline, 864000000, ",
			"other, 30000, " })
	void theDeadlineIsThatOfTheInvocation(String field, long millis, Integer seconds) {
		Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
		Request request = passedOn().with("x-amzn-lambda-context",
				"{\"" + field + "\":" + (NOW.toEpochMilli() + millis) + "}");
		assertThat(LambdaContext.deadline(request, clock))
			.isEqualTo((seconds != null) ? NOW.plus(Duration.ofSeconds(seconds)) : null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"deadline\":\"soon\"}", "{\"deadline\":1e99}", "{\"deadline\":12345678901234567890}",
			"nothing", "{\"deadline\":null,\"deadline_ms\":true}" })
	void anUnreadableDeadlineIsNone(String context) {
		assertThat(LambdaContext.deadline(passedOn().with("x-amzn-lambda-context", context), Clock.systemUTC()))
			.isNull();
	}

	@ParameterizedTest
	@CsvSource({ "aws-sqsd/2.0, true, ACCEPT", "AWS-SQSD/3, true, ACCEPT", "aws-sqsd/2.0, false, ABSTAIN",
			"curl/8, true, ABSTAIN" })
	void theDaemonOfElasticBeanstalkIsOnThisMachine(String agent, boolean isLoopback, Decision decision) {
		Request request = new Request(isLoopback).with("User-Agent", agent);
		assertThat(new SqsdDeliveryAuthenticator().authenticate(request)).isEqualTo(decision);
	}

	private static final class Request implements DeliveryRequest {

		private final Map<String, List<String>> headers = new LinkedHashMap<>();

		private final boolean isLoopback;

		Request(boolean isLoopback) {
			this.isLoopback = isLoopback;
		}

		Request with(String name, String value) {
			this.headers.put(name, List.of(value));
			return this;
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
		public String header(String name) {
			List<String> values = headers(name);
			return values.isEmpty() ? null : values.get(0);
		}

		@Override
		public List<String> headers(String name) {
			return this.headers.getOrDefault(name, List.of());
		}

		@Override
		public Map<String, String> headers() {
			Map<String, String> first = new LinkedHashMap<>();
			this.headers.forEach((name, values) -> first.put(name, values.get(0)));
			return first;
		}

		@Override
		public String remoteAddress() {
			return this.isLoopback ? "127.0.0.1" : "203.0.113.9";
		}

		@Override
		public boolean isLoopback() {
			return this.isLoopback;
		}

	}

}
