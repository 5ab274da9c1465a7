package dev.backgroundjobs.sample.gcp;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Google's Pub/Sub emulator, a process of its own, from the Cloud SDK that {@code gcloud}
 * belongs to.
 */
final class PubSubEmulator implements AutoCloseable {

	private final Process process;

	private final URI address;

	private final HttpClient http = HttpClient.newHttpClient();

	private PubSubEmulator(Process process, URI address) {
		this.process = process;
		this.address = address;
	}

	/**
	 * Find the emulator.
	 * @return its jar, or {@code null} when it is not installed
	 */
	static @Nullable Path find() {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.map((directory) -> Path.of(directory, "gcloud"))
			.filter(Files::isExecutable)
			.flatMap(PubSubEmulator::sdks)
			.map((sdk) -> sdk.resolve("platform/pubsub-emulator/lib"))
			.filter(Files::isDirectory)
			.map(PubSubEmulator::jarIn)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	// On the path is gcloud itself, or a script with the SDK beside it.
	private static Stream<Path> sdks(Path gcloud) {
		try {
			Path root = gcloud.toRealPath().resolve("../..").normalize();
			return Stream.of(root, root.resolve("lib/google-cloud-sdk"), root.resolve("share/google-cloud-sdk"));
		}
		catch (IOException ex) {
			return Stream.empty();
		}
	}

	private static @Nullable Path jarIn(Path directory) {
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter((file) -> file.getFileName().toString().endsWith("-all.jar")).findFirst().orElse(null);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Start the emulator.
	 * @param jar its jar
	 * @param port where it listens, 0 for a free port
	 * @return the emulator, which takes requests
	 */
	static PubSubEmulator start(Path jar, int port) throws IOException {
		// The emulator itself would say so and stay.
		int listening = freePort(port);
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-jar", jar.toString(), "--host=127.0.0.1", "--port=" + listening)
			.redirectErrorStream(true)
			.start();
		// Whatever way this process ends.
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
		BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
		StringBuilder said = new StringBuilder();
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			said.append(line).append('\n');
			if (line.contains("Server started")) {
				Thread reader = new Thread(() -> drain(output), "pubsub-emulator");
				reader.setDaemon(true);
				reader.start();
				return new PubSubEmulator(process, URI.create("http://127.0.0.1:" + listening));
			}
		}
		throw new IOException("The Pub/Sub emulator has ended:\n" + said);
	}

	private static int freePort(int port) throws IOException {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private static void drain(BufferedReader output) {
		try (output) {
			output.lines().forEach((line) -> {
			});
		}
		catch (IOException | UncheckedIOException ex) {
			// It has ended.
		}
	}

	/**
	 * Create a topic, and have its messages pushed.
	 * @param project the project
	 * @param name the name of the topic and of the subscription
	 * @param target where to
	 */
	void push(String project, String name, URI target) throws IOException, InterruptedException {
		put("/v1/projects/" + project + "/topics/" + name, "{}");
		put("/v1/projects/" + project + "/subscriptions/" + name,
				"{\"topic\":\"projects/%s/topics/%s\",\"ackDeadlineSeconds\":600,\"pushConfig\":{\"pushEndpoint\":\"%s\"}}"
					.formatted(project, name, target));
	}

	private void put(String path, String json) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(this.address.resolve(path))
			.header("Content-Type", "application/json")
			.PUT(BodyPublishers.ofString(json))
			.build();
		HttpResponse<String> response = this.http.send(request, BodyHandlers.ofString());
		if (response.statusCode() != 200) {
			throw new IOException("The Pub/Sub emulator answers " + response.statusCode() + ": " + response.body());
		}
	}

	URI address() {
		return this.address;
	}

	@Override
	public void close() {
		this.process.destroy();
	}

}
