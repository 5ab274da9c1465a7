package dev.backgroundjobs.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.backgroundjobs.history.HistoryEvent;
import dev.backgroundjobs.history.HistoryEvent.Type;
import dev.backgroundjobs.history.HistoryLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the rules of the platform that the crash tests rely on.
 */
class PushPlatformTests {

	private final HttpClient http = HttpClient.newHttpClient();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<String> arrived = new CopyOnWriteArrayList<>();

	@TempDir
	Path directory;

	private HttpServer application;

	private HistoryLog history;

	private PushPlatform platform;

	private volatile HttpHandler behaviour = (exchange) -> answer(exchange, 204);

	@BeforeEach
	void start() throws Exception {
		this.application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.application.setExecutor(this.threads);
		this.application.createContext("/", (exchange) -> {
			this.arrived.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
			this.behaviour.handle(exchange);
		});
		this.application.start();
		this.history = HistoryLog.open(this.directory, "test");
		this.platform = new PushPlatform(this.history, 1, Duration.ofSeconds(1));
		// Never, with this many deliveries.
		this.platform.duplicateOneIn(Integer.MAX_VALUE);
		post("/target", "http://localhost:" + this.application.getAddress().getPort() + "/");
	}

	@AfterEach
	void stop() {
		this.platform.close();
		this.application.stop(0);
		this.threads.shutdownNow();
		this.history.close();
	}

	@Test
	void takesANameOnceAndForgetsWhatIsAcknowledged() throws Exception {
		assertThat(send("a:0", "work", 0)).isEqualTo(200);
		awaitNothingLeft();
		assertThat(send("a:0", "work", 0)).isEqualTo(409);
		assertThat(this.arrived).containsExactly("a:0");
		assertThat(events()).containsExactly(Type.TAKEN, Type.ACKNOWLEDGED);
	}

	@Test
	void deliversAgainWhatIsAnsweredWithAnythingElse() throws Exception {
		int[] statuses = { 409, 503, 302, 200 };
		this.behaviour = (exchange) -> answer(exchange, statuses[this.arrived.size() - 1]);
		send("a:0", "work", 0);
		awaitNothingLeft();
		assertThat(events()).containsExactly(Type.TAKEN, Type.RELEASED, Type.RELEASED, Type.RELEASED,
				Type.ACKNOWLEDGED);
	}

	@Test
	void deliversAgainWhatIsAnsweredByALostConnection() throws Exception {
		this.behaviour = (exchange) -> {
			if (this.arrived.size() > 1) {
				answer(exchange, 204);
			}
			exchange.close();
		};
		send("a:0", "work", 0);
		awaitNothingLeft();
		assertThat(this.arrived).containsExactly("a:0", "a:0");
	}

	@Test
	void deliversAgainWhatIsNotAnsweredInTime() throws Exception {
		CountDownLatch late = new CountDownLatch(1);
		this.behaviour = (exchange) -> {
			if (this.arrived.size() == 1) {
				pass(late);
			}
			answer(exchange, 204);
		};
		send("a:0", "work", 0);
		awaitNothingLeft();
		late.countDown();
		assertThat(this.arrived).containsExactly("a:0", "a:0");
	}

	@Test
	void deliversNothingBeforeItsTime() throws Exception {
		long time = System.currentTimeMillis() + 400;
		send("a:0", "work", time);
		awaitNothingLeft();
		assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(time);
	}

	@Test
	void keepsDeadJobsAndDeliversThemNever() throws Exception {
		send("a:0", "work-dead", 0);
		send("b:0", "work", 0);
		awaitNothingLeft();
		assertThat(this.arrived).containsExactly("b:0");
		assertThat(events()).containsExactly(Type.TAKEN, Type.TAKEN, Type.ACKNOWLEDGED);
	}

	@Test
	void makesFourDeliveriesAtOnceAtMost() throws Exception {
		AtomicInteger present = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		CountDownLatch six = new CountDownLatch(6);
		this.behaviour = (exchange) -> {
			most.accumulateAndGet(present.incrementAndGet(), Math::max);
			six.countDown();
			pass(six, 300);
			present.decrementAndGet();
			answer(exchange, 204);
		};
		for (int i = 0; i < 6; i++) {
			send("a:" + i, "work", 0);
		}
		awaitNothingLeft();
		assertThat(most).hasValue(4);
	}

	@Test
	void deliversTwiceAtOnce() throws Exception {
		CountDownLatch both = new CountDownLatch(2);
		this.platform.duplicateOneIn(1);
		this.behaviour = (exchange) -> {
			both.countDown();
			pass(both);
			answer(exchange, 204);
		};
		send("a:0", "work", 0);
		awaitNothingLeft();
		assertThat(both.getCount()).isZero();
		assertThat(events()).containsExactly(Type.TAKEN, Type.ACKNOWLEDGED);
	}

	@Test
	void refusesSuccessorsOnlyWhenToldTo() throws Exception {
		this.platform.refuseSuccessors(true);
		assertThat(send("a:1", "work", 0)).isEqualTo(503);
		assertThat(send("a:0", "work", 0)).isEqualTo(200);
		this.platform.refuseSuccessors(false);
		assertThat(send("a:1", "work", 0)).isEqualTo(200);
		assertThat(this.platform.refusals()).isEqualTo(1);
	}

	private int send(String key, String queue, long time) throws IOException, InterruptedException {
		return this.http
			.send(HttpRequest.newBuilder(this.platform.uri().resolve("/messages"))
				.header("Content-Type", "application/json")
				.header("Message-Sender", "app")
				.header("Message-Name", key)
				.header("Message-Key", key)
				.header("Message-Queue", queue)
				.header("Message-Time", String.valueOf(time))
				.POST(BodyPublishers.ofString(key))
				.build(), BodyHandlers.discarding())
			.statusCode();
	}

	private void post(String path, String body) throws IOException, InterruptedException {
		this.http.send(
				HttpRequest.newBuilder(this.platform.uri().resolve(path)).POST(BodyPublishers.ofString(body)).build(),
				BodyHandlers.discarding());
	}

	private void awaitNothingLeft() {
		await().atMost(Duration.ofSeconds(30)).until(() -> this.platform.left() == 0);
	}

	private List<Type> events() {
		return HistoryLog.read(this.directory).stream().map(HistoryEvent::type).toList();
	}

	private static void answer(HttpExchange exchange, int status) throws IOException {
		exchange.sendResponseHeaders(status, -1);
		exchange.close();
	}

	private static void pass(CountDownLatch latch) {
		pass(latch, 10_000);
	}

	private static void pass(CountDownLatch latch, long millis) {
		try {
			latch.await(millis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
