package dev.backgroundjobs.adapter.pubsub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.backgroundjobs.cloudtasks.emulator.GoogleTokenIssuer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stands between the emulator's push and the application, and adds what Google adds and
 * the emulator does not: the OIDC token, the count of deliveries where the subscription
 * has a dead-letter policy, and the ordering key. A double of our own, after platforms.md
 * 2.2.
 */
final class SigningRelay implements AutoCloseable {

	private final JsonMapper json = JsonMapper.builder().build();

	private final HttpClient http = HttpClient.newHttpClient();

	private final GoogleTokenIssuer tokens = new GoogleTokenIssuer();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Integer> answers = new CopyOnWriteArrayList<>();

	private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();

	private final HttpServer server;

	private final String audience;

	private final String email;

	private volatile String target = "";

	private volatile boolean counts;

	private volatile String orderedQueue = "";

	SigningRelay(String audience, String email) {
		this.audience = audience;
		this.email = email;
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::relay);
		this.server.start();
	}

	/** Where the emulator pushes to. */
	String address() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + "/push";
	}

	/** Where the keys of the tokens are. */
	URI jwkSetUri() {
		return this.tokens.jwkSetUri();
	}

	/** Where pushes go on to. */
	void to(String target) {
		this.target = target;
	}

	/** Say which delivery it is, as for a subscription with a dead-letter policy. */
	void count() {
		this.counts = true;
	}

	/** Take the ordering key from the message's group. */
	void order(String queue) {
		this.orderedQueue = queue;
	}

	/** What the application has answered. */
	List<Integer> answers() {
		return List.copyOf(this.answers);
	}

	private void relay(HttpExchange exchange) throws IOException {
		byte[] body = exchange.getRequestBody().readAllBytes();
		int status = 503;
		try {
			HttpRequest request = HttpRequest.newBuilder(URI.create(this.target))
				.header("Content-Type", "application/json")
				.header("Authorization", "Bearer " + this.tokens.token(this.audience, this.email))
				.POST(HttpRequest.BodyPublishers.ofByteArray(complete(body)))
				.build();
			status = this.http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
			this.answers.add(status);
		}
		catch (IOException ex) {
			// Nobody listens, as Google would find.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		exchange.sendResponseHeaders(status, -1);
		exchange.close();
	}

	private byte[] complete(byte[] body) {
		ObjectNode push = (ObjectNode) this.json.readTree(body);
		ObjectNode message = (ObjectNode) push.get("message");
		if (this.counts) {
			push.put("deliveryAttempt",
					this.attempts.computeIfAbsent(message.get("messageId").asString(), (id) -> new AtomicInteger())
						.incrementAndGet());
		}
		if (!this.orderedQueue.isEmpty()) {
			message.put("orderingKey", group(message));
		}
		return this.json.writeValueAsBytes(push);
	}

	private String group(ObjectNode message) {
		byte[] data = Base64.getDecoder().decode(message.get("data").asString());
		return this.json.readTree(data).path("group").asString(this.orderedQueue);
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
		this.tokens.close();
	}

}
