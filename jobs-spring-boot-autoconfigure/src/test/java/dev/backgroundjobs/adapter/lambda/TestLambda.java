package dev.backgroundjobs.adapter.lambda;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A double of our own of Lambda's API, since there is no Lambda to be had: it takes
 * invocations and tells the ARN of a function, as the SDK asks for them. It checks
 * neither signatures nor limits, and runs nothing.
 */
final class TestLambda implements AutoCloseable {

	static final String REGION = "eu-central-1";

	/** The name of a function that is not there. */
	static final String MISSING = "missing";

	static final String ARN = "arn:aws:lambda:eu-central-1:123456789012:function:";

	private static final String FUNCTIONS = "/2015-03-31/functions/";

	private static final String INVOCATIONS = "/invocations";

	final List<Invocation> invocations = new CopyOnWriteArrayList<>();

	final AtomicInteger lookups = new AtomicInteger();

	/** How many invocations may be answered; as many as come unless it is replaced. */
	volatile Semaphore answers = new Semaphore(Integer.MAX_VALUE);

	final AtomicInteger open = new AtomicInteger();

	final AtomicInteger mostOpen = new AtomicInteger();

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Consumer<Invocation> taken;

	private volatile @Nullable Refusal refusal;

	private volatile int accepted = 202;

	TestLambda() throws IOException {
		this((invocation) -> {
		});
	}

	/**
	 * Start it.
	 * @param taken is given each invocation that was taken
	 */
	TestLambda(Consumer<Invocation> taken) throws IOException {
		this.taken = taken;
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.threads);
		this.server.createContext(FUNCTIONS, this::answer);
		this.server.start();
	}

	String[] properties() {
		return new String[] { "jobs.backend=lambda", "jobs.lambda.region=" + REGION, "jobs.lambda.endpoint=" + uri(),
				"jobs.lambda.queues.default.function=paperwork-jobs" };
	}

	URI uri() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort());
	}

	static LambdaJobCustomizer credentials() {
		return (builder) -> builder
			.credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "not-a-secret")));
	}

	void refuse(int status, String type) {
		this.refusal = new Refusal(status, type);
	}

	void acceptWith(int status) {
		this.accepted = status;
	}

	private void answer(HttpExchange exchange) throws IOException {
		this.mostOpen.accumulateAndGet(this.open.incrementAndGet(), Math::max);
		try (exchange) {
			String path = exchange.getRequestURI().getPath();
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			this.answers.acquireUninterruptibly();
			Refusal refused = this.refusal;
			if (refused != null) {
				exchange.getResponseHeaders().set("x-amzn-ErrorType", refused.type());
				send(exchange, refused.status(), "{\"Message\":\"refused\"}");
			}
			else if (path.startsWith(FUNCTIONS + MISSING + "/")) {
				exchange.getResponseHeaders().set("x-amzn-ErrorType", "ResourceNotFoundException");
				send(exchange, 404, "{\"Message\":\"Function not found\"}");
			}
			else if (path.endsWith(INVOCATIONS)) {
				invoke(exchange, path, body);
			}
			else {
				this.lookups.incrementAndGet();
				String name = path.substring(FUNCTIONS.length(), path.length() - "/configuration".length());
				send(exchange, 200, "{\"FunctionArn\":\"" + ARN + name + "\"}");
			}
		}
		finally {
			this.open.decrementAndGet();
		}
	}

	private void invoke(HttpExchange exchange, String path, String body) throws IOException {
		String id = UUID.randomUUID().toString();
		String query = exchange.getRequestURI().getQuery();
		Invocation invocation = new Invocation(id,
				path.substring(FUNCTIONS.length(), path.length() - INVOCATIONS.length()),
				(query != null) ? query.replace("Qualifier=", "") : null,
				exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type"), body);
		this.invocations.add(invocation);
		exchange.getResponseHeaders().set("x-amzn-RequestId", id);
		send(exchange, this.accepted, "");
		this.taken.accept(invocation);
	}

	private static void send(HttpExchange exchange, int status, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(status, (bytes.length > 0) ? bytes.length : -1);
		exchange.getResponseBody().write(bytes);
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/**
	 * An invocation that was taken.
	 *
	 * @param id the request's id
	 * @param function the function's name or ARN
	 * @param qualifier its version or alias, or {@code null}
	 * @param type {@code Event} for one that nobody waits for
	 * @param payload the event
	 */
	record Invocation(String id, String function, @Nullable String qualifier, @Nullable String type, String payload) {
	}

	private record Refusal(int status, String type) {
	}

}
