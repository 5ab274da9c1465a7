package dev.backgroundjobs.adapter.pubsub;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.GrpcTransportChannel;
import com.google.api.gax.rpc.FixedTransportChannelProvider;
import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.cloud.pubsub.v1.SubscriptionAdminClient;
import com.google.cloud.pubsub.v1.SubscriptionAdminSettings;
import com.google.cloud.pubsub.v1.TopicAdminClient;
import com.google.cloud.pubsub.v1.TopicAdminSettings;
import com.google.protobuf.ByteString;
import com.google.pubsub.v1.AcknowledgeRequest;
import com.google.pubsub.v1.DeadLetterPolicy;
import com.google.pubsub.v1.PublishRequest;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.PullRequest;
import com.google.pubsub.v1.PullResponse;
import com.google.pubsub.v1.Subscription;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.test.util.TestSocketUtils;

/**
 * Google's own Pub/Sub emulator, from the Cloud SDK that {@code gcloud} belongs to:
 * started once, for all tests of the process.
 */
final class PubSubEmulator {

	static final String PROJECT = "paperwork";

	private static final AtomicInteger NUMBER = new AtomicInteger();

	private static @Nullable PubSubEmulator instance;

	private final String host;

	private final TopicAdminClient topics;

	private final SubscriptionAdminClient subscriptions;

	private PubSubEmulator(String host) throws IOException {
		this.host = host;
		ManagedChannel channel = ManagedChannelBuilder.forTarget(host).usePlaintext().build();
		TransportChannelProvider transport = FixedTransportChannelProvider.create(GrpcTransportChannel.create(channel));
		this.topics = TopicAdminClient.create(TopicAdminSettings.newBuilder()
			.setCredentialsProvider(NoCredentialsProvider.create())
			.setTransportChannelProvider(transport)
			.build());
		this.subscriptions = SubscriptionAdminClient.create(SubscriptionAdminSettings.newBuilder()
			.setCredentialsProvider(NoCredentialsProvider.create())
			.setTransportChannelProvider(transport)
			.build());
	}

	/**
	 * Start the emulator, unless it runs.
	 * @throws IllegalStateException when the Cloud SDK has none, or there is no Cloud SDK
	 */
	static synchronized PubSubEmulator get() {
		if (instance == null) {
			Path jar = jar();
			if (jar == null) {
				throw new IllegalStateException("There is no Pub/Sub emulator");
			}
			try {
				instance = start(jar);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return instance;
	}

	/**
	 * Where the emulator is.
	 * @return its jar, or {@code null} when it is not installed
	 */
	static @Nullable Path jar() {
		return sdks().map((sdk) -> sdk.resolve("platform/pubsub-emulator/lib"))
			.filter(Files::isDirectory)
			.map(PubSubEmulator::jarIn)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	// Debian's package links to the SDK in steps.
	private static Stream<Path> sdks() {
		Stream<Path> named = Stream.ofNullable(System.getenv("CLOUDSDK_ROOT")).map(Path::of);
		Stream<Path> onPath = Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.map((directory) -> Path.of(directory, "gcloud"))
			.filter(Files::isExecutable)
			.flatMap(PubSubEmulator::sdksOf);
		return Stream.concat(named, onPath);
	}

	private static Stream<Path> sdksOf(Path gcloud) {
		try {
			Path real = gcloud.toRealPath();
			Path bin = Objects.requireNonNull(real.getParent());
			Path root = Objects.requireNonNull(bin.getParent());
			// A wrapper script in a bin directory, with the SDK beside it in lib.
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

	private static PubSubEmulator start(Path jar) throws IOException {
		int port = TestSocketUtils.findAvailableTcpPort();
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx512m", "-jar", jar.toString(), "--host=127.0.0.1", "--port=" + port)
			.redirectErrorStream(true)
			.start();
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
		BufferedReader output = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
		StringBuilder said = new StringBuilder();
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			said.append(line).append('\n');
			if (line.contains("Server started")) {
				Thread reader = new Thread(() -> readOn(output), "pubsub-emulator");
				reader.setDaemon(true);
				reader.start();
				return new PubSubEmulator("127.0.0.1:" + port);
			}
		}
		throw new IllegalStateException("The Pub/Sub emulator has ended:\n" + said);
	}

	private static void readOn(BufferedReader output) {
		output.lines().forEach((line) -> {
		});
	}

	/** Its address, as {@code spring.cloud.gcp.pubsub.emulator-host} takes it. */
	String host() {
		return this.host;
	}

	/** An id that no other test has. */
	static String id(String name) {
		return name + "-" + NUMBER.incrementAndGet();
	}

	String createTopic(String id) {
		return this.topics.createTopic("projects/" + PROJECT + "/topics/" + id).getName();
	}

	Subscription createSubscription(String id, String topic, Consumer<Subscription.Builder> settings) {
		Subscription.Builder subscription = Subscription.newBuilder()
			.setName(path(id))
			.setTopic("projects/" + PROJECT + "/topics/" + topic)
			.setAckDeadlineSeconds(10);
		settings.accept(subscription);
		return this.subscriptions.createSubscription(subscription.build());
	}

	void deleteSubscription(String id) {
		this.subscriptions.deleteSubscription(path(id));
	}

	/** Publish something that is not ours. */
	void publish(String topic, String data) {
		this.topics.publishCallable()
			.call(PublishRequest.newBuilder()
				.setTopic("projects/" + PROJECT + "/topics/" + topic)
				.addMessages(PubsubMessage.newBuilder().setData(ByteString.copyFromUtf8(data)))
				.build());
	}

	/** Take the messages off a subscription that are there, without waiting for more. */
	@SuppressWarnings("deprecation")
	List<PubsubMessage> take(String subscription) {
		PullResponse response = this.subscriptions.pullCallable()
			.call(PullRequest.newBuilder()
				.setSubscription(path(subscription))
				.setMaxMessages(1_000)
				.setReturnImmediately(true)
				.build());
		if (response.getReceivedMessagesCount() > 0) {
			AcknowledgeRequest.Builder request = AcknowledgeRequest.newBuilder().setSubscription(path(subscription));
			response.getReceivedMessagesList().forEach((message) -> request.addAckIds(message.getAckId()));
			this.subscriptions.acknowledgeCallable().call(request.build());
		}
		return response.getReceivedMessagesList().stream().map((message) -> message.getMessage()).toList();
	}

	static DeadLetterPolicy deadLetterPolicy(String topic, int attempts) {
		return DeadLetterPolicy.newBuilder()
			.setDeadLetterTopic("projects/" + PROJECT + "/topics/" + topic)
			.setMaxDeliveryAttempts(attempts)
			.build();
	}

	static String path(String subscription) {
		return "projects/" + PROJECT + "/subscriptions/" + subscription;
	}

}
