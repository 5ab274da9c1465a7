package dev.backgroundjobs.adapter.aws;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A double of AWS Lambda Web Adapter 1.0.0, which cannot be had here: it does what is
 * known of it and nothing else. An event is posted as it is to the pass-through path, and
 * of the answer the status and the headers are dropped, unless the status is one of
 * {@code AWS_LWA_ERROR_STATUS_CODES}. A request of a function URL is forwarded with
 * whatever headers it has, but for the two that the adapter sets itself.
 */
public final class LambdaWebAdapter {

	private static final HttpClient http = HttpClient.newHttpClient();

	private final URI target;

	private final boolean knowsErrors;

	public LambdaWebAdapter(int port, boolean knowsErrors) {
		this.target = URI.create("http://127.0.0.1:" + port + "/_jobs");
		this.knowsErrors = knowsErrors;
	}

	/**
	 * Invoke the function with an event.
	 */
	public Result invoke(String event, Duration time) throws IOException, InterruptedException {
		HttpResponse<String> answer = send(event, "null", time, Map.of());
		if (this.knowsErrors && answer.statusCode() >= 400 && answer.statusCode() < 600) {
			return new Result(true, "null", answer);
		}
		try {
			JsonMapper.shared().readTree(answer.body());
			return new Result(false, answer.body().isEmpty() ? "null" : answer.body(), answer);
		}
		catch (JacksonException ex) {
			return new Result(false, "null", answer);
		}
	}

	public Result invoke(String event) throws IOException, InterruptedException {
		return invoke(event, Duration.ofSeconds(60));
	}

	/**
	 * Send a request to the function's URL, as anybody can.
	 */
	public HttpResponse<String> request(String body, Map<String, String> headers)
			throws IOException, InterruptedException {
		return send(body,
				"{\"accountId\":\"anonymous\",\"http\":{\"method\":\"POST\",\"path\":\"/_jobs\","
						+ "\"sourceIp\":\"203.0.113.9\"},\"requestId\":\"" + UUID.randomUUID() + "\"}",
				Duration.ofSeconds(60), headers);
	}

	private HttpResponse<String> send(String body, String requestContext, Duration time, Map<String, String> headers)
			throws IOException, InterruptedException {
		String context = """
				{"request_id":"%s","deadline":%d,"invoked_function_arn":\
				"arn:aws:lambda:eu-central-1:123456789012:function:paperwork","xray_trace_id":"Root=1-5759e988",\
				"client_context":null,"identity":null,"env_config":{"function_name":"paperwork","memory":1024}}"""
			.formatted(UUID.randomUUID(), Instant.now().plus(time).toEpochMilli());
		HttpRequest.Builder request = HttpRequest.newBuilder(this.target).POST(BodyPublishers.ofString(body));
		headers.forEach(request::setHeader);
		request.setHeader("Content-Type", headers.getOrDefault("Content-Type", "application/json"));
		request.setHeader("x-amzn-request-context", requestContext);
		request.setHeader("x-amzn-lambda-context", context);
		return http.send(request.build(), BodyHandlers.ofString());
	}

	/**
	 * What Lambda gets to know of an invocation.
	 *
	 * @param failed whether it has failed
	 * @param payload its result, JSON
	 * @param answer what the application has answered, for comparison
	 */
	public record Result(boolean failed, String payload, @Nullable HttpResponse<String> answer) {

		public int status() {
			return (this.answer != null) ? this.answer.statusCode() : 0;
		}

	}

}
