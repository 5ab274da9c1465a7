package dev.backgroundjobs.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.backgroundjobs.history.HistoryEvent.Type;
import dev.backgroundjobs.history.HistoryLog;
import org.jspecify.annotations.Nullable;

/**
 * A double of our own that stands for platforms which push and deliver at least once,
 * such as Cloud Tasks or a Pub/Sub push subscription. It is none of them. Its rules:
 * <ol>
 * <li>It takes a message over {@code POST /messages}, keeps it before it answers 200, and
 * lives in the test's process, which nobody kills.</li>
 * <li>A name it has taken before, ever, it refuses with 409, in whichever queue.</li>
 * <li>It delivers a message at its time or later, to the address that announced itself
 * last; while there is none the message waits. At most {@value #CONCURRENCY} deliveries
 * are under way at once, in no order to rely on.</li>
 * <li>2xx: the message is forgotten. Any other status, no answer within 20 s, a lost
 * connection: it is delivered again, 50 ms later, then 100 ms and so on up to 400 ms, for
 * ever. {@code Retry-After} is not read.</li>
 * <li>One delivery in {@value #DUPLICATES}, by the seed, is made twice at once.</li>
 * <li>Messages of queues that end with {@code -dead} are kept and never delivered.</li>
 * <li>It says nothing about how often it has delivered, and nothing about itself: only
 * the message's signature is to be trusted.</li>
 * </ol>
 */
final class PushPlatform implements AutoCloseable {

	private static final int CONCURRENCY = 4;

	static final int DUPLICATES = 6;

	private static final String DEAD = "-dead";

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ScheduledExecutorService deliveries;

	private final ExecutorService requests = Executors.newCachedThreadPool();

	private final Set<String> names = ConcurrentHashMap.newKeySet();

	private final Map<String, PlatformMessage> messages = new ConcurrentHashMap<>();

	private final HistoryLog history;

	private final Random random;

	private final HttpServer server;

	private final Duration timeout;

	private volatile @Nullable URI target;

	private final AtomicInteger refusals = new AtomicInteger();

	private volatile boolean refusingSuccessors;

	private volatile int duplicateOneIn = DUPLICATES;

	PushPlatform(HistoryLog history, long seed, Duration timeout) {
		this.history = history;
		this.random = new Random(seed);
		this.timeout = timeout;
		ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(CONCURRENCY);
		pool.setRemoveOnCancelPolicy(true);
		this.deliveries = pool;
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.requests);
		this.server.createContext("/messages", (exchange) -> answer(exchange, take(exchange)));
		this.server.createContext("/target", (exchange) -> {
			this.target = URI.create(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
			answer(exchange, 200);
		});
		this.server.start();
	}

	URI uri() {
		return URI.create("http://localhost:" + this.server.getAddress().getPort());
	}

	/**
	 * Return where messages are delivered to, or {@code null} while there is no such
	 * place.
	 */
	@Nullable URI target() {
		return this.target;
	}

	void forgetTheTarget() {
		this.target = null;
	}

	/**
	 * Take no successors, with a 503, or take them again.
	 */
	void refuseSuccessors(boolean refusing) {
		this.refusingSuccessors = refusing;
	}

	/**
	 * Make one delivery in so many twice at once.
	 */
	void duplicateOneIn(int deliveries) {
		this.duplicateOneIn = deliveries;
	}

	int refusals() {
		return this.refusals.get();
	}

	/**
	 * Return how many messages are still to be delivered.
	 */
	long left() {
		return this.messages.values().stream().filter((message) -> !message.queue().endsWith(DEAD)).count();
	}

	private int take(HttpExchange exchange) throws IOException {
		PlatformMessage message = PlatformMessage.of(exchange);
		if (this.refusingSuccessors && message.seq() > 0) {
			this.refusals.incrementAndGet();
			return 503;
		}
		if (!this.names.add(message.name())) {
			return 409;
		}
		this.messages.put(message.name(), message);
		this.history.writeOf(message.sender(), Type.TAKEN, message.id(), message.seq(), message.queue());
		if (!message.queue().endsWith(DEAD)) {
			schedule(message, 0, Math.max(0, message.time() - System.currentTimeMillis()));
		}
		return 200;
	}

	private void schedule(PlatformMessage message, int failures, long millis) {
		this.deliveries.schedule(() -> {
			if (isDuplicated()) {
				this.deliveries.execute(() -> deliver(message));
			}
			if (!deliver(message)) {
				schedule(message, failures + 1, Math.min(400, 50L << Math.min(failures, 3)));
			}
		}, millis, TimeUnit.MILLISECONDS);
	}

	private boolean isDuplicated() {
		synchronized (this.random) {
			return this.random.nextInt(this.duplicateOneIn) == 0;
		}
	}

	/**
	 * Deliver a message once.
	 * @return whether it need not be delivered again
	 */
	private boolean deliver(PlatformMessage message) {
		URI to = this.target;
		if (!this.messages.containsKey(message.name())) {
			return true;
		}
		if (to == null) {
			return false;
		}
		String why;
		try {
			int status = this.http
				.send(HttpRequest.newBuilder(to)
					.timeout(this.timeout)
					.header("Content-Type", message.contentType())
					.POST(BodyPublishers.ofByteArray(message.body()))
					.build(), BodyHandlers.discarding())
				.statusCode();
			if (status >= 200 && status < 300) {
				forget(message);
				return true;
			}
			why = "status " + status;
		}
		catch (IOException ex) {
			why = ex.getClass().getSimpleName();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return true;
		}
		if (this.messages.containsKey(message.name())) {
			this.history.write(Type.RELEASED, message.id(), message.seq(), 0, "", why);
		}
		return false;
	}

	// Written down first: whoever sees that nothing is left finds it in the history.
	private synchronized void forget(PlatformMessage message) {
		if (this.messages.containsKey(message.name())) {
			this.history.write(Type.ACKNOWLEDGED, message.id(), message.seq(), 0, "", "");
			this.messages.remove(message.name());
		}
	}

	private static void answer(HttpExchange exchange, int status) throws IOException {
		exchange.sendResponseHeaders(status, -1);
		exchange.close();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.deliveries.shutdownNow();
		this.requests.shutdownNow();
	}

}
