package dev.backgroundjobs.cloudtasks.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * What tasks are pushed to: answers the first status, then the next one and so on, and
 * the last one for ever. "/moved" redirects to "/behind", which answers 200.
 */
final class Worker implements AutoCloseable {

	final List<Received> received = new CopyOnWriteArrayList<>();

	private final List<Integer> statuses = new CopyOnWriteArrayList<>(List.of(204));

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpServer server;

	volatile String retryAfter = "";

	Worker() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	void answers(Integer... statuses) {
		this.statuses.clear();
		this.statuses.addAll(List.of(statuses));
	}

	String url(String path) {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + path;
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			String path = exchange.getRequestURI().getPath();
			this.received.add(new Received(exchange.getRequestMethod(), path, exchange.getRequestHeaders(),
					new String(exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8),
					System.nanoTime()));
			int status = (this.statuses.size() > 1) ? this.statuses.remove(0) : this.statuses.get(0);
			if (path.equals("/moved")) {
				exchange.getResponseHeaders().add("Location", url("/behind"));
				status = 302;
			}
			if (path.equals("/behind")) {
				status = 200;
			}
			if (!this.retryAfter.isEmpty()) {
				exchange.getResponseHeaders().add("Retry-After", this.retryAfter);
			}
			exchange.sendResponseHeaders(status, -1);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/**
	 * A request.
	 */
	record Received(String method, String path, Headers headers, String body, long nanos) {

		String header(String name) {
			return String.valueOf(this.headers.getFirst(name));
		}

	}

}
