package dev.backgroundjobs.sample.gcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Passes on what the Pub/Sub emulator pushes, with the token that Google's Pub/Sub adds
 * and the emulator does not.
 */
final class PushRelay implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(PushRelay.class);

	private final HttpClient http = HttpClient.newHttpClient();

	private final ExecutorService threads = Executors.newFixedThreadPool(4);

	private final HttpServer server;

	private final URI target;

	private final Supplier<String> tokens;

	PushRelay(URI target, Supplier<String> tokens) throws IOException {
		this.target = target;
		this.tokens = tokens;
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.threads);
		this.server.createContext("/push", this::relay);
		this.server.start();
	}

	URI address() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort() + "/push");
	}

	private void relay(HttpExchange exchange) throws IOException {
		int status = 503;
		try (exchange) {
			HttpRequest request = HttpRequest.newBuilder(this.target)
				.header("Content-Type", "application/json")
				.header("Authorization", "Bearer " + this.tokens.get())
				.POST(BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
				.build();
			status = this.http.send(request, BodyHandlers.discarding()).statusCode();
			logger.info("Pub/Sub has pushed a message to " + this.target + " and heard " + status);
			exchange.sendResponseHeaders(status, -1);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
