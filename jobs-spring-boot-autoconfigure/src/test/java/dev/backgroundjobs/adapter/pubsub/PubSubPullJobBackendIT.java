package dev.backgroundjobs.adapter.pubsub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.google.pubsub.v1.PubsubMessage;
import dev.backgroundjobs.test.JobBackendContract;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * The contract over Google's own client and emulator: publish, pull, run, acknowledge.
 */
@NeedsPubSubEmulator
class PubSubPullJobBackendIT extends JobBackendContract {

	private static final List<String> QUEUES = List.of("default", "doomed", "unkept", "dead", "kept");

	private final PubSubEmulator cloud = PubSubEmulator.get();

	private final Map<String, String> ids = new HashMap<>();

	private final List<byte[]> dead = new ArrayList<>();

	@Override
	protected String backend() {
		return "pubsub";
	}

	@Override
	protected List<Class<?>> configurations() {
		return List.of(Application.class);
	}

	@Override
	protected List<String> properties() {
		List<String> properties = new ArrayList<>(List.of("spring.cloud.gcp.core.enabled=true",
				"spring.cloud.gcp.pubsub.enabled=true", "spring.cloud.gcp.project-id=" + PubSubEmulator.PROJECT,
				"spring.cloud.gcp.pubsub.emulator-host=" + this.cloud.host(), "jobs.pubsub.worker.enabled=true",
				"jobs.pubsub.worker.release-delay=1s"));
		for (String queue : QUEUES) {
			String id = PubSubEmulator.id(queue);
			this.ids.put(queue, id);
			this.cloud.createTopic(id);
			this.cloud.createSubscription(id, id, (subscription) -> {
			});
			properties.add("jobs.pubsub.queues." + queue + ".topic=" + id);
		}
		return properties;
	}

	@Override
	protected List<byte[]> keptMessages(ConfigurableApplicationContext context, String queue) {
		for (PubsubMessage message : this.cloud.take(this.ids.get(queue))) {
			this.dead.add(message.getData().toByteArray());
		}
		return List.copyOf(this.dead);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
