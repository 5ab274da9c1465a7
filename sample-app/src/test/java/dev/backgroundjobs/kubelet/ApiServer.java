package dev.backgroundjobs.kubelet;

import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * fabric8's API server in memory, which keeps what it is sent and answers watches. It
 * validates nothing, knows no users and has no controllers. Added here: logs of pods, the
 * field selector {@code status.successful} of Jobs, a record of what was asked, and a
 * hook at the end of each request.
 */
final class ApiServer implements AutoCloseable {

	// By which the kubelet's own requests are told apart.
	private static final String KUBELET = "kubelet-double";

	private static final Pattern SUCCESSFUL = Pattern.compile("[?&]fieldSelector=status\\.successful(?:=|%3D)(\\d+)");

	private static final JsonMapper JSON = JsonMapper.builder().build();

	// Says a line about each request. Loggers that nobody holds forget their level.
	private static final Logger REQUESTS = Logger.getLogger(MockWebServer.class.getName());

	private final KubernetesMockServer server;

	private final Set<String> rules = new ConcurrentSkipListSet<>();

	private final List<Consumer<ApiRequest>> answered = new CopyOnWriteArrayList<>();

	private volatile BiFunction<String, String, @Nullable String> logs = (namespace, pod) -> null;

	ApiServer() {
		REQUESTS.setLevel(Level.WARNING);
		this.server = new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), new Dispatcher(),
				false);
		this.server.init();
	}

	int port() {
		return this.server.getPort();
	}

	String url() {
		return "http://localhost:" + port();
	}

	/**
	 * Create a client of the test's own, whose requests are not recorded.
	 */
	KubernetesClient client() {
		Config config = new ConfigBuilder(Config.empty()).withMasterUrl(url())
			// The JDK's client asks for HTTP/2 without TLS, which this server takes half.
			.withHttp2Disable(true)
			.withNamespace("default")
			.withUserAgent(KUBELET)
			.build();
		return new KubernetesClientBuilder().withConfig(config).build();
	}

	/**
	 * Have logs read from somewhere: by namespace and pod, {@code null} for no such pod.
	 */
	void serveLogs(BiFunction<String, String, @Nullable String> logs) {
		this.logs = logs;
	}

	/**
	 * Have something done whenever the server has done what applications and pods ask,
	 * before they hear of it.
	 */
	void whenDone(Consumer<ApiRequest> hook) {
		this.answered.add(hook);
	}

	/**
	 * Return what applications and pods have asked so far, as {@link ApiRequest#rule()}.
	 */
	Set<String> rules() {
		return this.rules;
	}

	@Override
	public void close() {
		this.server.destroy();
	}

	private final class Dispatcher extends KubernetesCrudDispatcher {

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			ApiRequest asked = ApiRequest.of(request.getMethod(), request.getPath());
			MockResponse response = (asked != null && asked.resource().equals("pods/log")) ? log(asked)
					: answer(request);
			if (asked == null || KUBELET.equals(request.getHeader("User-Agent"))) {
				return response;
			}
			ApiServer.this.rules.add(asked.rule());
			if (response.code() < 300) {
				ApiServer.this.answered.forEach((hook) -> hook.accept(asked));
			}
			return response;
		}

		private MockResponse answer(RecordedRequest request) {
			Matcher successful = SUCCESSFUL.matcher(request.getPath());
			if (!successful.find()) {
				return super.dispatch(request);
			}
			String path = request.getPath()
				.replace(successful.group(), successful.group().startsWith("?") ? "?all" : "");
			MockResponse all = super.dispatch(
					new RecordedRequest("1.1", request.method(), path, request.getHeaders(), request.getBody()));
			JsonNode list = JSON.readTree(all.getBody().readUtf8());
			((ArrayNode) list.get("items"))
				.removeIf((job) -> job.at("/status/succeeded").asInt(0) != Integer.parseInt(successful.group(1)));
			return all.setBody(list.toString());
		}

		private MockResponse log(ApiRequest asked) {
			String log = ApiServer.this.logs.apply(String.valueOf(asked.namespace()), String.valueOf(asked.name()));
			return (log != null) ? new MockResponse().setResponseCode(200).setBody(log)
					: new MockResponse().setResponseCode(404);
		}

	}

}
