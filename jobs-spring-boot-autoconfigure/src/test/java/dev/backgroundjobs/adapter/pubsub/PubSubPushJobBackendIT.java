package dev.backgroundjobs.adapter.pubsub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.PushConfig;
import dev.backgroundjobs.test.JobBackendContract;
import org.junit.jupiter.api.AfterEach;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.TestSocketUtils;

/**
 * The contract over Google's own client and emulator, and real HTTP: publish, push with a
 * signed OIDC token, run, 204.
 */
@NeedsPubSubEmulator
class PubSubPushJobBackendIT extends JobBackendContract {

	private static final String EMAIL = "invoker@paperwork.iam.gserviceaccount.com";

	private static final String AUDIENCE = "https://paperwork.example.com";

	private static final Set<String> PUSHED = Set.of("default", "doomed", "unkept");

	private static final Set<String> KEPT = Set.of("dead", "kept");

	private final PubSubEmulator cloud = PubSubEmulator.get();

	private final SigningRelay relay = new SigningRelay(AUDIENCE, EMAIL);

	private final Map<String, String> ids = new HashMap<>();

	private final List<byte[]> dead = new ArrayList<>();

	@AfterEach
	void stopPushing() {
		PUSHED.forEach((queue) -> this.cloud.deleteSubscription(this.ids.get(queue)));
		this.relay.close();
	}

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
		int port = TestSocketUtils.findAvailableTcpPort();
		this.relay.to("http://127.0.0.1:" + port + "/_jobs");
		List<String> properties = new ArrayList<>(List.of("spring.main.web-application-type=servlet",
				"server.port=" + port, "spring.cloud.gcp.core.enabled=true", "spring.cloud.gcp.pubsub.enabled=true",
				"spring.cloud.gcp.project-id=" + PubSubEmulator.PROJECT,
				"spring.cloud.gcp.pubsub.emulator-host=" + this.cloud.host(), "jobs.google-oidc.audience=" + AUDIENCE,
				"jobs.google-oidc.emails=" + EMAIL, "jobs.google-oidc.jwk-set-uri=" + this.relay.jwkSetUri()));
		PUSHED.forEach((queue) -> properties
			.add(create(queue, PushConfig.newBuilder().setPushEndpoint(this.relay.address()).build())));
		KEPT.forEach((queue) -> properties.add(create(queue, PushConfig.getDefaultInstance())));
		return properties;
	}

	private String create(String queue, PushConfig push) {
		String id = PubSubEmulator.id(queue);
		this.ids.put(queue, id);
		this.cloud.createTopic(id);
		this.cloud.createSubscription(id, id, (subscription) -> subscription.setPushConfig(push));
		return "jobs.pubsub.queues." + queue + ".topic=" + id;
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
