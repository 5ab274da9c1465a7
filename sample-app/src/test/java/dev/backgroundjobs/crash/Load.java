package dev.backgroundjobs.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.backgroundjobs.history.HistoryEvent.Type;
import dev.backgroundjobs.history.HistoryLog;
import dev.backgroundjobs.sample.conversion.DocxFile;

/**
 * Callers of the application, three at a time. One that hears nothing calls again with
 * the same id, until it is told that its job is accepted. One whose job belongs to a
 * transaction, and one who uploads a document, does not.
 */
final class Load implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ScheduledExecutorService callers = Executors.newScheduledThreadPool(3);

	private final AtomicInteger pending = new AtomicInteger();

	private final Queue<String> documents = new ConcurrentLinkedQueue<>();

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private final PushPlatform platform;

	private final HistoryLog history;

	Load(PushPlatform platform, HistoryLog history) {
		this.platform = platform;
		this.history = history;
	}

	void enqueue(String job, Duration delay, Duration duration) {
		String id = UUID.randomUUID().toString();
		call(new Call("/crash/jobs?job=" + job + "&id=" + id + "&delay=" + delay.toMillis() + "&millis="
				+ duration.toMillis(), job, List.of(id), delay, true));
	}

	void enqueueAll(int size) {
		List<String> ids = Stream.generate(() -> UUID.randomUUID().toString()).limit(size).toList();
		call(new Call("/crash/batches?ids=" + String.join(",", ids), "crash.succeed", ids, Duration.ZERO, true));
	}

	void enqueueInTransaction() {
		String id = UUID.randomUUID().toString();
		call(new Call("/crash/transactions?id=" + id, "crash.succeed", List.of(id), Duration.ZERO, false));
	}

	/**
	 * Upload a document for the sample's own job.
	 */
	void upload() {
		this.pending.incrementAndGet();
		this.callers.execute(() -> {
			try {
				HttpResponse<String> response = post("/documents", "multipart/form-data; boundary=b",
						BodyPublishers.ofByteArrays(multipart(DocxFile.withText("Good day").bytes())));
				if (response.statusCode() == 202) {
					this.documents.add(response.headers().firstValue("Location").orElseThrow());
				}
			}
			catch (IOException | InterruptedException ex) {
				// Died under the upload, so nothing was promised.
			}
			finally {
				this.pending.decrementAndGet();
			}
		});
	}

	/**
	 * Tell the application something that is no job.
	 */
	void order(String path) throws IOException, InterruptedException {
		HttpResponse<String> response = post(path, "text/plain", BodyPublishers.noBody());
		if (response.statusCode() != 200) {
			throw new IllegalStateException(path + " was answered with " + response.statusCode());
		}
	}

	boolean isPending() {
		return this.pending.get() > 0;
	}

	/**
	 * Return the calls that were answered with anything but success.
	 */
	List<String> failures() {
		return List.copyOf(this.failures);
	}

	/**
	 * Return the states of the documents whose upload was accepted.
	 */
	List<String> documentStates() throws IOException, InterruptedException {
		List<String> states = new ArrayList<>();
		for (String document : this.documents) {
			HttpRequest request = HttpRequest.newBuilder(application().resolve(document)).timeout(TIMEOUT).build();
			states.add(this.http.send(request, BodyHandlers.ofString())
				.body()
				.replaceAll(".*\"state\":\"(\\w+)\".*", "$1"));
		}
		return states;
	}

	private void call(Call call) {
		this.pending.incrementAndGet();
		this.callers.execute(() -> perform(call));
	}

	private void perform(Call call) {
		long runAt = System.currentTimeMillis() + call.delay().toMillis();
		String detail = call.delay().isZero() ? "" : String.valueOf(runAt);
		call.ids().forEach((id) -> this.history.write(Type.ENQUEUED, id, -1, 0, call.job(), detail));
		int status = 0;
		try {
			status = post(call.path(), "text/plain", BodyPublishers.noBody()).statusCode();
		}
		catch (IOException | InterruptedException ex) {
			// It may have been taken, or not.
		}
		if (status == 200) {
			call.ids().forEach((id) -> this.history.write(Type.ACCEPTED, id, -1, 0, call.job(), ""));
		}
		else if (status != 0) {
			this.failures.add(call.path() + " was answered with " + status);
		}
		else if (call.isRepeated()) {
			this.callers.schedule(() -> perform(call), 50, TimeUnit.MILLISECONDS);
			return;
		}
		this.pending.decrementAndGet();
	}

	private HttpResponse<String> post(String path, String contentType, BodyPublisher body)
			throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(application().resolve(path))
			.timeout(TIMEOUT)
			.header("Content-Type", contentType)
			.POST(body)
			.build(), BodyHandlers.ofString());
	}

	private URI application() throws IOException {
		URI target = this.platform.target();
		if (target == null) {
			throw new IOException("The application is not there");
		}
		return target;
	}

	private static List<byte[]> multipart(byte[] content) {
		String head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"good-day.docx\"\r\n"
				+ "Content-Type: application/octet-stream\r\n\r\n";
		return List.of(head.getBytes(StandardCharsets.UTF_8), content,
				"\r\n--b--\r\n".getBytes(StandardCharsets.UTF_8));
	}

	@Override
	public void close() {
		this.callers.shutdownNow();
	}

	/**
	 * What one caller wants.
	 */
	private record Call(String path, String job, List<String> ids, Duration delay, boolean isRepeated) {
	}

}
