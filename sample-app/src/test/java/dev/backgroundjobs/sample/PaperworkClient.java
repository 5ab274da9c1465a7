package dev.backgroundjobs.sample;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A client of a running Paperwork that knows HTTP and nothing else.
 */
public class PaperworkClient {

	private static final String BOUNDARY = "a-boundary";

	private final HttpClient http = HttpClient.newHttpClient();

	private final JsonMapper json = JsonMapper.builder().build();

	private final String base;

	public PaperworkClient(int port) {
		this.base = "http://localhost:" + port;
	}

	public HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(uri(path)));
	}

	HttpResponse<byte[]> upload(String part, String fileName, byte[] content) throws IOException, InterruptedException {
		return uploadTo("/documents", part, fileName, content);
	}

	public HttpResponse<byte[]> uploadTo(String path, String part, String fileName, byte[] content)
			throws IOException, InterruptedException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + part + "\"; filename=\""
				+ fileName + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
			.getBytes(StandardCharsets.UTF_8));
		body.writeBytes(content);
		body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
		return post(path, "multipart/form-data; boundary=" + BOUNDARY, body.toByteArray());
	}

	HttpResponse<byte[]> post(String contentType, byte[] body) throws IOException, InterruptedException {
		return post("/documents", contentType, body);
	}

	public HttpResponse<byte[]> post(String path, String contentType, byte[] body)
			throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(uri(path))
			.header("Content-Type", contentType)
			.POST(BodyPublishers.ofByteArray(body)));
	}

	/**
	 * Deliver to the endpoint of jobs, as a platform that has a token does.
	 */
	HttpResponse<byte[]> push(byte[] body, String token) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(uri("/_jobs"))
			.header("Content-Type", "application/json")
			.header("Authorization", "Bearer " + token)
			.POST(BodyPublishers.ofByteArray(body)));
	}

	HttpResponse<Stream<String>> events() throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(uri("/documents/events")).build(), BodyHandlers.ofLines());
	}

	/**
	 * Upload a document and wait until it is done or failed.
	 */
	public JsonNode convert(String fileName, byte[] content) throws IOException, InterruptedException {
		HttpResponse<byte[]> response = upload("file", fileName, content);
		assertThat(response.statusCode()).isEqualTo(202);
		return awaitFinal(response.headers().firstValue("Location").orElseThrow());
	}

	/**
	 * Upload a CSV file and wait until its import is done or failed.
	 */
	public JsonNode importRows(String fileName, String csv) throws IOException, InterruptedException {
		HttpResponse<byte[]> response = uploadTo("/imports", "file", fileName, csv.getBytes(StandardCharsets.UTF_8));
		assertThat(response.statusCode()).as(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo(202);
		return awaitFinal(response.headers().firstValue("Location").orElseThrow());
	}

	/**
	 * Ask for pi and wait until it is computed or failed.
	 */
	public JsonNode computePi(int digits) throws IOException, InterruptedException {
		HttpResponse<byte[]> response = post("/pi?digits=" + digits, "application/json", new byte[0]);
		assertThat(response.statusCode()).as(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo(202);
		return awaitFinal(response.headers().firstValue("Location").orElseThrow());
	}

	/**
	 * Read all rows of an import, page by page.
	 */
	List<JsonNode> rows(String path) throws IOException, InterruptedException {
		List<JsonNode> all = new ArrayList<>();
		String query = "/rows?limit=1000";
		JsonNode page = json(get(path + query));
		while (!page.isEmpty()) {
			page.forEach(all::add);
			page = json(get(path + query + "&after=" + page.get(page.size() - 1).get("id").asLong()));
		}
		return all;
	}

	public JsonNode awaitFinal(String path) {
		return await().atMost(Duration.ofSeconds(60))
			.until(() -> json(get(path)), (shown) -> shown.get("state").asString().matches("done|failed"));
	}

	public JsonNode json(HttpResponse<byte[]> response) {
		return this.json.readTree(response.body());
	}

	JsonNode json(String text) {
		return this.json.readTree(text);
	}

	private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.http.send(request.timeout(Duration.ofMinutes(2)).build(), BodyHandlers.ofByteArray());
	}

	private URI uri(String path) {
		return URI.create(this.base + path);
	}

}
