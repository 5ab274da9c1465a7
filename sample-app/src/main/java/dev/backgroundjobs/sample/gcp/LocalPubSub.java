package dev.backgroundjobs.sample.gcp;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

import dev.backgroundjobs.cloudtasks.emulator.CloudTasksEmulator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Google's Pub/Sub emulator beside this application, where the Cloud SDK has one: what is
 * published to the topic of the buckets is pushed to {@code /_jobs}.
 */
@Component
@Profile("gcp-local")
class LocalPubSub implements DisposableBean {

	static final String TOPIC = "paperwork-objects";

	private static final Log logger = LogFactory.getLog(LocalPubSub.class);

	private final CloudTasksEmulator cloudTasks;

	private final Environment environment;

	private @Nullable PubSubEmulator emulator;

	private @Nullable PushRelay relay;

	LocalPubSub(CloudTasksEmulator cloudTasks, Environment environment) {
		this.cloudTasks = cloudTasks;
		this.environment = environment;
	}

	// It takes seconds to start, and nothing waits for it.
	@EventListener
	void start(ApplicationReadyEvent ready) {
		Path jar = PubSubEmulator.find();
		if (jar == null) {
			logger.info("There is no Pub/Sub here: install Google's Cloud SDK with its pubsub-emulator, and documents "
					+ "in buckets are converted too");
			return;
		}
		Thread thread = new Thread(() -> start(jar), "pubsub-emulator-start");
		thread.setDaemon(true);
		thread.start();
	}

	private synchronized void start(Path jar) {
		String project = property("jobs.cloud-tasks.project");
		int port = this.environment.getProperty("paperwork.pubsub-emulator-port", Integer.class, 0);
		try {
			this.relay = new PushRelay(URI.create("http://127.0.0.1:" + property("local.server.port") + "/_jobs"),
					() -> this.cloudTasks.tokens()
						.token(property("jobs.google-oidc.audience"), property("jobs.google-oidc.emails")));
			this.emulator = PubSubEmulator.start(jar, port);
			this.emulator.push(project, TOPIC, this.relay.address());
			logger.info("Pub/Sub's emulator pushes topic '" + TOPIC + "' here. Buckets are directories of "
					+ directory(property("paperwork.object-root")) + ". To tell of inbox/welcome.docx:\n"
					+ "curl -H 'Content-Type: application/json' " + this.emulator.address() + "/v1/projects/" + project
					+ "/topics/" + TOPIC + ":publish -d '{\"messages\":[{\"attributes\":{\"eventType\":"
					+ "\"OBJECT_FINALIZE\",\"bucketId\":\"inbox\",\"objectId\":\"welcome.docx\","
					+ "\"objectGeneration\":\"1\"}}]}'");
		}
		catch (IOException ex) {
			logger.warn("Pub/Sub's emulator does not start: set 'paperwork.pubsub-emulator-port' to a free port", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static String directory(String location) {
		return location.startsWith("file:")
				? Path.of(location.substring("file:".length())).toAbsolutePath().normalize().toString() : location;
	}

	private String property(String name) {
		return this.environment.getRequiredProperty(name);
	}

	synchronized @Nullable URI address() {
		return (this.emulator != null) ? this.emulator.address() : null;
	}

	@Override
	public synchronized void destroy() {
		if (this.relay != null) {
			this.relay.close();
		}
		if (this.emulator != null) {
			this.emulator.close();
		}
	}

}
