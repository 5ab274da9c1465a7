package dev.backgroundjobs.adapter.scheduler;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A double of our own of EventBridge Scheduler's API, since there is none to be had: it
 * takes schedules as the SDK creates them, each name once. It checks neither signatures
 * nor limits, and delivers nothing.
 */
final class TestScheduler implements AutoCloseable {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final String SCHEDULES = "/schedules/";

	final Map<String, JsonNode> schedules = new LinkedHashMap<>();

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private volatile @Nullable String refusal;

	private volatile int status;

	TestScheduler() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.threads);
		this.server.createContext(SCHEDULES, this::create);
		this.server.start();
	}

	URI uri() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort());
	}

	static SchedulerJobCustomizer credentials() {
		return (builder) -> builder
			.credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "not-a-secret")));
	}

	void refuse(int status, String type) {
		this.status = status;
		this.refusal = type;
	}

	private synchronized void create(HttpExchange exchange) throws IOException {
		try (exchange) {
			String name = exchange.getRequestURI().getPath().substring(SCHEDULES.length());
			JsonNode schedule = JSON.readTree(exchange.getRequestBody().readAllBytes());
			if (this.refusal != null) {
				send(exchange, this.status, this.refusal, "{\"Message\":\"refused\"}");
			}
			else if (this.schedules.putIfAbsent(name, schedule) != null) {
				send(exchange, 409, "ConflictException", "{\"Message\":\"Schedule " + name + " already exists.\"}");
			}
			else {
				send(exchange, 200, null,
						"{\"ScheduleArn\":\"arn:aws:scheduler:eu-central-1:123456789012:schedule/default/" + name
								+ "\"}");
			}
		}
	}

	private static void send(HttpExchange exchange, int status, @Nullable String error, String body)
			throws IOException {
		if (error != null) {
			exchange.getResponseHeaders().set("x-amzn-ErrorType", error);
		}
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(status, bytes.length);
		exchange.getResponseBody().write(bytes);
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
