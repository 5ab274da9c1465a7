package dev.backgroundjobs.sample.conversion;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * As much of S3 as an object takes, by path, for a client that sends plain bodies. Ours,
 * since there is no S3 to be had that runs in a test.
 */
final class LocalS3 implements AutoCloseable {

	private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME;

	/** Objects by bucket and key. */
	final Map<String, byte[]> objects = new ConcurrentHashMap<>();

	private final HttpServer server;

	/** Answers whose readers went away before their end. */
	final AtomicInteger abandoned = new AtomicInteger();

	private volatile int status;

	LocalS3() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	/**
	 * Answer with a status from here on, whatever is asked.
	 */
	void refuse(int status) {
		this.status = status;
	}

	S3Client client() {
		return S3Client.builder()
			.endpointOverride(URI.create("http://127.0.0.1:" + this.server.getAddress().getPort()))
			.region(Region.EU_CENTRAL_1)
			.credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
			.forcePathStyle(true)
			.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
			.serviceConfiguration((configuration) -> configuration.chunkedEncodingEnabled(false))
			.build();
	}

	private void answer(HttpExchange exchange) {
		try (exchange) {
			byte[] sent = exchange.getRequestBody().readAllBytes();
			String name = exchange.getRequestURI().getPath().substring(1);
			if (this.status != 0) {
				refuse(exchange, this.status, "Refused");
				return;
			}
			if (exchange.getRequestMethod().equals("PUT")) {
				this.objects.put(name, sent);
				exchange.getResponseHeaders().add("ETag", "\"1\"");
				exchange.sendResponseHeaders(200, -1);
				return;
			}
			byte[] content = this.objects.get(name);
			if (content == null) {
				refuse(exchange, 404, "NoSuchKey");
				return;
			}
			exchange.getResponseHeaders()
				.add("Last-Modified", HTTP_DATE.format(ZonedDateTime.of(2026, 11, 22, 10, 0, 0, 0, ZoneOffset.UTC)));
			exchange.getResponseHeaders().add("ETag", "\"1\"");
			boolean isHead = exchange.getRequestMethod().equals("HEAD");
			exchange.sendResponseHeaders(200, isHead ? -1 : content.length);
			if (!isHead) {
				exchange.getResponseBody().write(content);
			}
		}
		catch (IOException ex) {
			this.abandoned.incrementAndGet();
		}
	}

	private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
		byte[] body = ("<Error><Code>" + code + "</Code></Error>").getBytes(StandardCharsets.UTF_8);
		boolean isHead = exchange.getRequestMethod().equals("HEAD");
		exchange.sendResponseHeaders(status, isHead ? -1 : body.length);
		if (!isHead) {
			exchange.getResponseBody().write(body);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
