package dev.backgroundjobs.delivery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.TestKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with the endpoint, and a client that sends it whatever a test likes,
 * byte for byte. Signatures are made here, not by the code under test. A class of tests
 * starts its application in {@code @BeforeAll} and gives it to {@link #use}.
 */
abstract class EndpointFixtureTests {

	static final String AUDIENCE = "shop";

	static final String K1 = TestKeys.secret("k1");

	static final String K0 = TestKeys.secret("k0");

	/** A text that is put wherever a request has room for one; no answer may hold it. */
	static final String MARK = "qZ7mark";

	static final String WITHOUT_SECURITY = """
			org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration,\
			org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration,\
			org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration,\
			org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration,\
			org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration""";

	private static Server server;

	static Server use(Server started) {
		server = started;
		return started;
	}

	static Server server() {
		return server;
	}

	@AfterAll
	static void stopServer() {
		Server started = server;
		server = null;
		if (started != null) {
			started.close();
		}
	}

	@BeforeEach
	void forgetRuns() {
		if (server != null) {
			server.runs().clear();
		}
	}

	/** Whatever a test sent, the next good message runs, once, and nothing else did. */
	@AfterEach
	void theNextGoodMessageRuns() throws IOException {
		if (server == null) {
			return;
		}
		server.runs().clear();
		Answer answer = post(signed(message("endpoint.echo").with("args", "[\"next\"]")));
		assertThat(answer.status()).as("next good message").isEqualTo(204);
		assertThat(server.runs()).containsExactly("echo next");
	}

	static Answer post(String body) throws IOException {
		return post(body.getBytes(StandardCharsets.UTF_8));
	}

	static Answer post(byte[] body, String... headers) throws IOException {
		return server.send("POST", server.path(), body, headers);
	}

	static List<String> runs() {
		return List.copyOf(server.runs());
	}

	/** A request that is refused: with this status, in our own words, and nothing ran. */
	static void assertRefused(Answer answer, int status) {
		assertThat(answer.status()).as("%s%nran %s", answer, runs()).isEqualTo(status);
		assertOwnProblem(answer);
		assertThat(runs()).isEmpty();
	}

	static void assertOwnProblem(Answer answer) {
		assertHarmless(answer);
		assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
		assertThat(answer.header("cache-control")).isEqualTo("no-store");
		assertThat(answer.body()).matches("\\{\"title\":\"[A-Za-z0-9 /]+\",\"status\":" + answer.status() + "}");
	}

	/** Whoever answered: no redirect, no cookie, nothing of the request. */
	static void assertHarmless(Answer answer) {
		assertThat(answer.status() / 100).as(answer.toString()).isNotEqualTo(3);
		assertThat(answer.headers()).doesNotContainKeys("location", "set-cookie");
		assertThat(answer.raw()).doesNotContain(MARK);
	}

	static Message message(String job) {
		return new Message(job);
	}

	static String signed(Message message) {
		return signed(message.json());
	}

	static String signed(String json) {
		return jws(header(), json.getBytes(StandardCharsets.UTF_8), K1);
	}

	static String header() {
		return header("\"alg\":\"HS256\",\"kid\":\"k1\"");
	}

	static String header(String start) {
		long now = Instant.now().getEpochSecond();
		return "{" + start + ",\"iat\":" + now + ",\"exp\":" + (now + 3600) + ",\"aud\":\"" + AUDIENCE + "\"}";
	}

	static String jws(String header, byte[] payload, String key) {
		return jws("HmacSHA256", header, payload, Base64.getDecoder().decode(key));
	}

	static String jws(String algorithm, String header, byte[] payload, byte[] key) {
		String input = base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(payload);
		try {
			Mac mac = Mac.getInstance(algorithm);
			mac.init(new SecretKeySpec(key, algorithm));
			return input + "." + base64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static String base64(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	/**
	 * A message as text: fields by name, in order, each with its JSON.
	 */
	static final class Message {

		private final Map<String, String> fields = new LinkedHashMap<>();

		Message(String job) {
			with("v", "1").with("id", "\"" + UUID.randomUUID() + "\"")
				.with("seq", "0")
				.with("job", "\"" + job + "\"")
				.with("queue", "\"default\"")
				.with("args", "[]")
				.with("attempt", "1")
				.with("enqueuedAt", "\"" + Instant.now() + "\"");
		}

		Message with(String field, String json) {
			this.fields.put(field, json);
			return this;
		}

		Message without(String field) {
			this.fields.remove(field);
			return this;
		}

		String json() {
			List<String> members = new ArrayList<>();
			this.fields.forEach((name, json) -> members.add("\"" + name + "\":" + json));
			return "{" + String.join(",", members) + "}";
		}

	}

	/**
	 * An answer. Names of headers are in small letters.
	 */
	record Answer(int status, Map<String, List<String>> headers, String body, String raw) {

		String header(String name) {
			return this.headers.containsKey(name) ? String.join(", ", this.headers.get(name)) : null;
		}

		static Answer parse(byte[] bytes) {
			String raw = new String(bytes, StandardCharsets.ISO_8859_1);
			String rest = raw;
			// 100 Continue comes before the answer proper.
			while (rest.startsWith("HTTP/1.1 100")) {
				rest = rest.substring(rest.indexOf("\r\n\r\n") + 4);
			}
			int end = rest.indexOf("\r\n\r\n");
			assertThat(end).as("an answer: '" + raw + "'").isPositive();
			String[] lines = rest.substring(0, end).split("\r\n");
			Map<String, List<String>> headers = new TreeMap<>();
			for (int i = 1; i < lines.length; i++) {
				int colon = lines[i].indexOf(':');
				headers
					.computeIfAbsent(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), (key) -> new ArrayList<>())
					.add(lines[i].substring(colon + 1).strip());
			}
			return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, rest.substring(end + 4), raw);
		}

		@Override
		public String toString() {
			return this.raw;
		}

	}

	/**
	 * A running application.
	 */
	static final class Server implements AutoCloseable {

		private final ServletWebServerApplicationContext context;

		private String path = "/_jobs";

		private Server(ServletWebServerApplicationContext context) {
			this.context = context;
		}

		/**
		 * Start an application with default form login, signing with and accepting k1.
		 */
		static Server start(Class<?> application, String... properties) {
			Stream<String> defaults = Stream.of("server.port=0", "server.address=127.0.0.1",
					"spring.main.banner-mode=off", "logging.level.root=WARN", "spring.application.name=" + AUDIENCE,
					"jobs.signing.keys.k1=" + K1, "jobs.signing.key-id=k1");
			// What comes later wins; an exclamation mark takes a default away.
			Map<String, String> last = new LinkedHashMap<>();
			Stream.concat(defaults, Stream.of(properties)).forEach((property) -> {
				if (property.startsWith("!")) {
					last.remove(property.substring(1));
				}
				else {
					last.put(property.substring(0, property.indexOf('=')), "--" + property);
				}
			});
			return new Server((ServletWebServerApplicationContext) new SpringApplicationBuilder(application)
				.run(last.values().toArray(String[]::new)));
		}

		static Server startPlain(String... properties) {
			return start(Application.class,
					Stream.concat(Stream.of("spring.autoconfigure.exclude=" + WITHOUT_SECURITY), Stream.of(properties))
						.toArray(String[]::new));
		}

		Server at(String path) {
			this.path = path;
			return this;
		}

		String path() {
			return this.path;
		}

		int port() {
			return this.context.getWebServer().getPort();
		}

		<T> T bean(Class<T> type) {
			return this.context.getBean(type);
		}

		Queue<String> runs() {
			return bean(Recorder.class).runs;
		}

		/** Send a body as JSON, unless the headers say otherwise. */
		Answer send(String method, String path, byte[] body, String... headers) throws IOException {
			StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
			boolean typed = Stream.of(headers)
				.anyMatch((header) -> header.toLowerCase(Locale.ROOT).startsWith("content-type"));
			if (!typed) {
				head.append("Content-Type: application/json\r\n");
			}
			for (String header : headers) {
				head.append(header).append("\r\n");
			}
			head.append("Content-Length: ").append(body.length).append("\r\nConnection: close\r\n\r\n");
			return exchange(head.toString(), body);
		}

		/** Send these bytes and nothing else, then read to the end. */
		Answer exchange(String head, byte[] body) throws IOException {
			try (Socket socket = connect()) {
				try {
					socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
					socket.getOutputStream().write(body);
					socket.getOutputStream().flush();
				}
				catch (SocketException ex) {
					// Answered before all was sent.
				}
				return Answer.parse(readAll(socket.getInputStream()));
			}
		}

		Socket connect() throws IOException {
			Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port());
			socket.setSoTimeout(30_000);
			return socket;
		}

		static byte[] readAll(InputStream in) throws IOException {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			byte[] buffer = new byte[8192];
			try {
				for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
					bytes.write(buffer, 0, n);
				}
			}
			catch (SocketException ex) {
				// Reset after the answer, since some of the body was not read.
			}
			return bytes.toByteArray();
		}

		@Override
		public void close() {
			this.context.close();
		}

	}

	/**
	 * What ran.
	 */
	static class Recorder {

		final Queue<String> runs = new ConcurrentLinkedQueue<>();

		final CountDownLatch released = new CountDownLatch(1);

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Recorder.class, Jobs.class })
	static class Application {

	}

	enum Colour {

		RED, GREEN

	}

	record Purchase(String id, int count) {
	}

	record Parcel(List<String> tags, String id) {
	}

	static class Jobs {

		private final Recorder recorder;

		Jobs(Recorder recorder) {
			this.recorder = recorder;
		}

		@BackgroundJob(name = "endpoint.echo", aliases = "endpoint.former")
		void echo(String text) {
			this.recorder.runs.add("echo " + text);
		}

		@BackgroundJob(name = "endpoint.none")
		void none() {
			this.recorder.runs.add("none");
		}

		@BackgroundJob(name = "endpoint.numbers")
		void numbers(int count, long total, double rate, boolean paid) {
			this.recorder.runs.add("numbers " + count + " " + total + " " + rate + " " + paid);
		}

		@BackgroundJob(name = "endpoint.order")
		void order(Purchase purchase) {
			this.recorder.runs.add("order " + purchase);
		}

		@BackgroundJob(name = "endpoint.texts")
		void texts(List<String> texts) {
			this.recorder.runs.add("texts " + texts);
		}

		@BackgroundJob(name = "endpoint.tagged")
		void tagged(List<String> tags, String text) {
			this.recorder.runs.add("tagged " + tags + " " + text);
		}

		@BackgroundJob(name = "endpoint.parcel")
		void parcel(Parcel parcel) {
			this.recorder.runs.add("parcel " + parcel);
		}

		@BackgroundJob(name = "endpoint.map")
		void map(Map<String, String> map) {
			this.recorder.runs.add("map " + map);
		}

		@BackgroundJob(name = "endpoint.ends")
		void ends(UUID id, Instant time, Colour colour) {
			this.recorder.runs.add("ends " + id + " " + time + " " + colour);
		}

		@BackgroundJob(name = "endpoint.fails")
		void fails(String text) {
			this.recorder.runs.add("fails");
			throw new IllegalStateException("A failure that shows " + text);
		}

		@BackgroundJob(name = "endpoint.overflows")
		void overflows() {
			this.recorder.runs.add("overflows");
			throw new StackOverflowError(MARK);
		}

		@BackgroundJob(name = "endpoint.interrupts")
		void interrupts() {
			this.recorder.runs.add("interrupts");
			Thread.currentThread().interrupt();
		}

		@BackgroundJob(name = "endpoint.holds")
		void holds() throws InterruptedException {
			this.recorder.runs.add("holds");
			if (!this.recorder.released.await(30, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Not released");
			}
		}

	}

}
