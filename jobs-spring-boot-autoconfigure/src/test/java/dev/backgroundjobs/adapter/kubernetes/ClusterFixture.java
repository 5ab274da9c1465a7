package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.MutableClock;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.message.JobMessage;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/**
 * Instances of an application with a job, on fabric8's API server, with one clock.
 */
abstract class ClusterFixture {

	static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

	static final String NAMESPACE = "paperwork";

	final TestCluster cluster = new TestCluster();

	final MutableClock clock = new MutableClock(NOW);

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	@AfterEach
	void stop() {
		this.instances.forEach(ConfigurableApplicationContext::close);
		this.cluster.close();
	}

	/**
	 * Start an instance that looks every half second.
	 */
	ConfigurableApplicationContext start(String... properties) {
		// The last one of a name counts.
		Map<String, String> arguments = new LinkedHashMap<>();
		Stream.concat(
				Stream.of("jobs.backend=kubernetes", "spring.config.location=optional:classpath:/none/",
						"test.cluster=" + this.cluster.url(), "jobs.kubernetes.worker.interval=500ms",
						"jobs.kubernetes.image=registry/paperwork:1", "jobs.kubernetes.namespace=" + NAMESPACE),
				Stream.of(properties))
			.forEach((property) -> arguments.put(property.split("=", 2)[0], "--" + property));
		ConfigurableApplicationContext instance = new SpringApplicationBuilder(Paperwork.class)
			.initializers(
					(context) -> context.getBeanFactory().registerSingleton("testJobsClock", new JobsClock(this.clock)))
			.properties("spring.main.web-application-type=none", "spring.main.banner-mode=off")
			.run(arguments.values().toArray(String[]::new));
		this.instances.add(instance);
		return instance;
	}

	ConfigurableApplicationContext startWithoutWorker(String... properties) {
		List<String> more = new ArrayList<>(List.of(properties));
		more.add("jobs.kubernetes.worker.enabled=false");
		return start(more.toArray(String[]::new));
	}

	KubernetesApi api() {
		return new KubernetesApi(this.cluster::client, BackendRequests.NONE);
	}

	static KubernetesJobBackend backend(ApplicationContext instance) {
		return instance.getBean(KubernetesJobBackend.class);
	}

	static List<DeadJobEvent> dead(ApplicationContext instance) {
		return instance.getBean(DeadLetters.class).dead;
	}

	static JobMessage message() {
		return message(UUID.randomUUID().toString(), "[\"Ada\"]");
	}

	static JobMessage largeMessage() {
		return message(UUID.randomUUID().toString(), "[\"" + "x".repeat(MessageCarrier.MAX_VARIABLE_BYTES) + "\"]");
	}

	static JobMessage message(String id, String args) {
		return JobMessage.builder(id, "letters.send", "default", args, NOW).build();
	}

	List<ObservedJob> jobs() {
		return this.cluster.client()
			.batch()
			.v1()
			.jobs()
			.inAnyNamespace()
			.list()
			.getItems()
			.stream()
			.map(ObservedJob::new)
			.toList();
	}

	ObservedJob onlyJob() {
		List<ObservedJob> jobs = jobs();
		if (jobs.size() != 1) {
			throw new AssertionError("Expected one Job: " + jobs);
		}
		return jobs.get(0);
	}

	List<Secret> secrets() {
		return this.cluster.client().secrets().inAnyNamespace().list().getItems();
	}

	/**
	 * Have the controller give a Job up.
	 */
	void fail(ObservedJob job) {
		this.cluster.client()
			.batch()
			.v1()
			.jobs()
			.inNamespace(job.namespace())
			.withName(job.name())
			.editStatus((now) -> new JobBuilder(now).editOrNewStatus()
				.withFailed(3)
				.addNewCondition()
				.withType(ObservedJob.FAILED)
				.withStatus("True")
				.withReason("BackoffLimitExceeded")
				.withMessage("Job has reached the specified backoff limit")
				.withLastTransitionTime("2026-06-01T12:05:00Z")
				.endCondition()
				.endStatus()
				.build());
	}

	static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60));
	}

	/**
	 * What died.
	 */
	static class DeadLetters {

		final List<DeadJobEvent> dead = new CopyOnWriteArrayList<>();

		@EventListener
		void died(DeadJobEvent event) {
			this.dead.add(event);
		}

	}

	static class Letters {

		@BackgroundJob
		void send(String to) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ JobsAutoConfiguration.class, KubernetesJobAutoConfiguration.class })
	static class Paperwork {

		@Bean
		KubernetesClient kubernetesClient(Environment environment) {
			return TestCluster.client(environment.getRequiredProperty("test.cluster"));
		}

		@Bean
		Letters letters() {
			return new Letters();
		}

		@Bean
		DeadLetters deadLetters() {
			return new DeadLetters();
		}

	}

}
