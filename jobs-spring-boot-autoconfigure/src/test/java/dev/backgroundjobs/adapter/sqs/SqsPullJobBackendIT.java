package dev.backgroundjobs.adapter.sqs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.test.JobBackendContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.sqs.model.Message;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The sentences of every backend, for {@code sqs} with its worker over ElasticMQ.
 */
class SqsPullJobBackendIT extends JobBackendContract {

	private static final List<String> QUEUES = List.of("default", "doomed", "unkept", "dead", "kept");

	private static TestSqs sqs;

	private static int tests;

	private final Map<String, String> urls = new HashMap<>();

	private final List<byte[]> dead = new ArrayList<>();

	@BeforeAll
	static void startSqs() {
		sqs = new TestSqs();
	}

	@AfterAll
	static void stopSqs() {
		sqs.close();
	}

	@Override
	protected String backend() {
		return "sqs";
	}

	@Override
	protected List<Class<?>> configurations() {
		return List.of(Application.class);
	}

	@Override
	protected List<String> properties() {
		tests++;
		List<String> properties = new ArrayList<>(List.of(sqs.properties()));
		properties.add("jobs.sqs.worker.enabled=true");
		properties.add("jobs.sqs.worker.wait-time=1s");
		properties.add("jobs.sqs.worker.release-delay=1s");
		for (String queue : QUEUES) {
			this.urls.put(queue, sqs.create(queue + "-" + tests));
			properties.add("jobs.sqs.queues." + queue + ".name=" + queue + "-" + tests);
		}
		return properties;
	}

	@Override
	protected List<byte[]> keptMessages(ConfigurableApplicationContext context, String queue) {
		for (Message message : sqs.take(this.urls.get(queue))) {
			this.dead.add(message.body().getBytes(StandardCharsets.UTF_8));
		}
		return List.copyOf(this.dead);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(TestSqs.Credentials.class)
	static class Application {

	}

}
