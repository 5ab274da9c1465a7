package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fabric8's API server, which keeps what it is given and checks nothing of it.
 */
final class TestCluster implements AutoCloseable {

	private static final Pattern LIMIT = Pattern.compile("[?&]limit=(\\d+)");

	private static final Pattern CONTINUE = Pattern.compile("[?&]continue=(\\d+)");

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final KubernetesMockServer server;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final List<WebSocket> watches = new CopyOnWriteArrayList<>();

	private volatile Function<RecordedRequest, @Nullable MockResponse> before = (request) -> null;

	private final KubernetesClient client;

	TestCluster() {
		this.server = new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), new Dispatcher(),
				false);
		this.server.init();
		this.client = client(url());
	}

	String url() {
		return this.server.url("/");
	}

	KubernetesMockServer server() {
		return this.server;
	}

	/**
	 * Be asked before each request, on a thread of the server's.
	 * @param before may wait, throw nothing, and return an answer or {@code null}
	 */
	void before(Function<RecordedRequest, @Nullable MockResponse> before) {
		this.before = before;
	}

	/**
	 * Return whether somebody watches: unlike Kubernetes it tells nothing of what was
	 * before.
	 */
	boolean isWatched() {
		return !this.watches.isEmpty();
	}

	/**
	 * End all watches, as an API server that is started again.
	 */
	void cutWatches() {
		ClusterFixture.await().until(this::isWatched);
		this.watches.forEach((watch) -> watch.close(1001, "going away"));
		this.watches.clear();
	}

	/**
	 * End all watches, as an API server that no longer knows what they have seen.
	 */
	void expireWatches() {
		ClusterFixture.await().until(this::isWatched);
		String status = status(410, "Expired", "too old resource version");
		this.watches.forEach((watch) -> watch.send("{\"type\":\"ERROR\",\"object\":" + status + "}"));
		this.watches.clear();
	}

	/**
	 * Return the requests so far, as {@code POST /apis/batch/v1/…}.
	 */
	List<String> requests() {
		return List.copyOf(this.requests);
	}

	/**
	 * Return an answer of the API server that is no success.
	 */
	static MockResponse refused(int code, String reason, String message) {
		return new MockResponse().setResponseCode(code)
			.setHeader("Content-Type", "application/json")
			.setBody(status(code, reason, message));
	}

	private static String status(int code, String reason, String message) {
		return Serialization.asJson(new StatusBuilder().withStatus("Failure")
			.withCode(code)
			.withReason(reason)
			.withMessage(message)
			.build());
	}

	KubernetesClient client() {
		return this.client;
	}

	static KubernetesClient client(String url) {
		return client(url, Duration.ofSeconds(10));
	}

	static KubernetesClient client(String url, Duration timeout) {
		Config config = new ConfigBuilder(Config.empty()).withMasterUrl(url)
			// The JDK's client asks for HTTP/2 without TLS, which this server takes half.
			.withHttp2Disable(true)
			.withRequestRetryBackoffLimit(0)
			.withConnectionTimeout(5000)
			.withRequestTimeout((int) timeout.toMillis())
			.withWatchReconnectInterval(100)
			.withNamespace("none")
			.build();
		return new KubernetesClientBuilder().withConfig(config).build();
	}

	@Override
	public void close() {
		this.client.close();
		this.server.destroy();
	}

	private final class Dispatcher extends KubernetesCrudDispatcher {

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			TestCluster.this.requests.add(request.getMethod() + " " + request.getPath());
			MockResponse response = TestCluster.this.before.apply(request);
			return (response != null) ? response : super.dispatch(request);
		}

		@Override
		public MockResponse handleWatch(String path) {
			WebSocketListener events = super.handleWatch(path).getWebSocketListener();
			return new MockResponse().withWebSocketUpgrade(new WebSocketListener() {

				@Override
				public void onOpen(WebSocket socket, Response response) {
					events.onOpen(socket, response);
					TestCluster.this.watches.add(socket);
				}

				@Override
				public void onClosing(WebSocket socket, int code, String reason) {
					events.onClosing(socket, code, reason);
				}

				@Override
				public void onClosed(WebSocket socket, int code, String reason) {
					events.onClosed(socket, code, reason);
				}

			});
		}

		// Of fields it knows those of the metadata.
		@Override
		public MockResponse handleGet(String path) {
			MockResponse response = super.handleGet(path.replace("fieldSelector=status.successful%3D0&", ""));
			Matcher limit = LIMIT.matcher(path);
			return limit.find() ? page(path, response, Integer.parseInt(limit.group(1))) : response;
		}

		// It has no pages either. Here a page's token is the number it begins with.
		private MockResponse page(String path, MockResponse all, int limit) {
			Matcher token = CONTINUE.matcher(path);
			int from = token.find() ? Integer.parseInt(token.group(1)) : 0;
			ObjectNode list = (ObjectNode) JSON.readTree(all.getBody().readUtf8());
			List<JsonNode> items = list.get("items").valueStream().toList();
			int to = Math.min(items.size(), from + limit);
			list.set("items", JSON.valueToTree(items.subList(Math.min(from, to), to)));
			if (to < items.size()) {
				((ObjectNode) list.get("metadata")).put("continue", String.valueOf(to));
			}
			return all.setBody(list.toString());
		}

	}

}
