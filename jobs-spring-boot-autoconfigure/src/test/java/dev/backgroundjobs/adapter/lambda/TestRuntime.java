package dev.backgroundjobs.adapter.lambda;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * A double of our own of the Runtime API, from which Lambda's real runtime client takes
 * its invocations. As Lambda does, it tries one that nobody waits for three times, and
 * then tells the destination; unlike Lambda, at once. It ends no invocation whose time is
 * over.
 */
final class TestRuntime implements AutoCloseable {

	/** What is left of the time of each invocation. */
	static final long MILLIS = 8_000;

	private static final int TRIES = 3;

	private static final String PATH = "/2018-06-01/runtime/";

	final List<String> initErrors = new CopyOnWriteArrayList<>();

	/** Invocations that have failed for good, with the error of the last try. */
	final List<Failure> destination = new CopyOnWriteArrayList<>();

	private final BlockingQueue<Call> waiting = new LinkedBlockingQueue<>();

	private final Map<String, Call> running = new ConcurrentHashMap<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpServer server;

	TestRuntime() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.threads);
		this.server.createContext(PATH + "invocation/next", this::next);
		this.server.createContext(PATH + "invocation/", this::settle);
		this.server.createContext(PATH + "init/error", this::failStart);
		this.server.start();
	}

	String address() {
		return "127.0.0.1:" + this.server.getAddress().getPort();
	}

	/**
	 * Invoke without waiting, as another service or the backend does.
	 */
	void invokeLater(String id, String payload) {
		this.waiting.add(new Call(id, payload, TRIES, new CompletableFuture<>()));
	}

	/**
	 * Invoke and wait, as an event source mapping does.
	 * @return the result
	 */
	String invoke(String payload) {
		Call call = new Call(UUID.randomUUID().toString(), payload, 1, new CompletableFuture<>());
		this.waiting.add(call);
		return call.result().orTimeout(60, TimeUnit.SECONDS).join();
	}

	private void next(HttpExchange exchange) throws IOException {
		try (exchange) {
			Call call = this.waiting.take();
			this.running.put(call.id(), call);
			// Without a type of its content the runtime client crashes.
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", call.id());
			exchange.getResponseHeaders()
				.set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + MILLIS));
			exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn", TestLambda.ARN + "paperwork-jobs");
			byte[] bytes = call.payload().getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, bytes.length);
			exchange.getResponseBody().write(bytes);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void settle(HttpExchange exchange) throws IOException {
		try (exchange) {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			String[] path = exchange.getRequestURI().getPath().substring((PATH + "invocation/").length()).split("/");
			exchange.sendResponseHeaders(202, -1);
			Call call = this.running.remove(path[0]);
			if (path[1].equals("response")) {
				call.result().complete(body);
			}
			else if (call.tries() > 1) {
				this.waiting.add(new Call(call.id(), call.payload(), call.tries() - 1, call.result()));
			}
			else {
				this.destination.add(new Failure(call.id(), call.payload(), body));
				call.result().completeExceptionally(new IllegalStateException(body));
			}
		}
	}

	private void failStart(HttpExchange exchange) throws IOException {
		try (exchange) {
			this.initErrors.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
			exchange.sendResponseHeaders(202, -1);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/**
	 * An invocation that has failed for good.
	 *
	 * @param id the request's id
	 * @param payload the event
	 * @param error what the function said
	 */
	record Failure(String id, String payload, String error) {
	}

	private record Call(String id, String payload, int tries, CompletableFuture<@Nullable String> result) {
	}

}
