package dev.backgroundjobs.adapter.cloudtasks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.cloudtasks.emulator.CloudTasksEmulator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;
import org.springframework.test.util.TestSocketUtils;

/**
 * An application that enqueues on a Cloud Tasks and that it pushes to, over gRPC and
 * HTTP. A class of tests starts it as it likes.
 */
abstract class CloudTasksApplicationFixture {

	final CloudTasksEmulator cloud = TestCloudTasks.start(Duration.ofMillis(200));

	private final HttpClient http = HttpClient.newHttpClient();

	final int port = TestSocketUtils.findAvailableTcpPort();

	private @Nullable ConfigurableApplicationContext context;

	ConfigurableApplicationContext start(Class<?> application, String... more) {
		this.context = TestCloudTasks.run(application, this.cloud, this.port, more);
		return this.context;
	}

	@AfterEach
	void stop() {
		if (this.context != null) {
			this.context.close();
		}
		this.cloud.close();
	}

	ConfigurableApplicationContext application() {
		return Objects.requireNonNull(this.context);
	}

	void stopApplication() {
		application().close();
		this.context = null;
	}

	HttpResponse<Void> post(byte[] body, String... headers) throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/_jobs"))
			.header("Content-Type", (body[0] == '{') ? "application/json" : "application/jose")
			.headers(headers)
			.POST(HttpRequest.BodyPublishers.ofByteArray(body))
			.build(), HttpResponse.BodyHandlers.discarding());
	}

	static List<String> sent(ConfigurableApplicationContext application) {
		return application.getBean(Letters.class).sent;
	}

	@Component
	static class Letters {

		final List<String> sent = new CopyOnWriteArrayList<>();

		final List<String> deadlines = new CopyOnWriteArrayList<>();

		@BackgroundJob
		void send(String to) {
			this.deadlines.add(String.valueOf(JobContext.current().deadline()));
			this.sent.add(to);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Letters.class)
	static class Application {

	}

}
