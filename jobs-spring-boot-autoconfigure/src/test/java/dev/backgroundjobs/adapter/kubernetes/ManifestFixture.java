package dev.backgroundjobs.adapter.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.backgroundjobs.autoconfigure.BackendJobs.BackendJob;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageBuilder;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.SigningKeys;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.env.MockEnvironment;

/**
 * Makes manifests of one job, of properties given as {@code name=value} without the
 * prefix {@code jobs.kubernetes.}. Every manifest is checked by {@link JobSchema}.
 */
final class ManifestFixture {

	static final String ID = "0198d7f4-6f2c-7e7a-9d55-0b6c7a4b1c11";

	private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");

	final MockEnvironment environment = new MockEnvironment();

	private final Map<String, Object> properties = new LinkedHashMap<>(
			Map.of("jobs.kubernetes.image", "app:1", "jobs.kubernetes.namespace", "jobs"));

	private final List<KubernetesJobCustomizer> customizers = new ArrayList<>();

	private Supplier<KubernetesClient> client = () -> {
		throw new AssertionError("The cluster is asked");
	};

	private BackendJob job;

	private JobMessageBuilder message;

	private @Nullable Instant runAt;

	/**
	 * Start with the method of a class that is called {@code run}, as job
	 * {@code pi.compute} on queue {@code heavy} with 5 attempts.
	 */
	ManifestFixture(Class<?> type) {
		this.job = new BackendJob("pi.compute", "heavy", 5, null,
				Arrays.stream(type.getDeclaredMethods())
					.filter((method) -> method.getName().equals("run"))
					.findFirst()
					.orElseThrow(),
				false);
		this.message = message("pi.compute", "[]");
	}

	static JobMessageBuilder message(String job, String args) {
		return JobMessage.builder(ID, job, "heavy", args, NOW);
	}

	ManifestFixture with(String... properties) {
		for (String property : properties) {
			int end = property.indexOf('=');
			this.properties.put("jobs.kubernetes." + property.substring(0, end), property.substring(end + 1));
		}
		return this;
	}

	ManifestFixture without(String property) {
		this.properties.remove("jobs.kubernetes." + property);
		return this;
	}

	ManifestFixture with(KubernetesJobCustomizer customizer) {
		this.customizers.add(customizer);
		return this;
	}

	ManifestFixture client(Supplier<KubernetesClient> client) {
		this.client = client;
		return this;
	}

	ManifestFixture args(String args) {
		this.message = message(this.job.name(), args);
		return this;
	}

	ManifestFixture message(JobMessageBuilder message) {
		this.message = message;
		return this;
	}

	ManifestFixture runAt(Instant runAt) {
		this.runAt = runAt;
		return this;
	}

	ManifestFixture timeout(Duration timeout) {
		this.job = new BackendJob(this.job.name(), this.job.queue(), this.job.maxAttempts(), timeout, this.job.method(),
				this.job.isIteration());
		return this;
	}

	ManifestFixture iteration() {
		this.job = new BackendJob(this.job.name(), this.job.queue(), this.job.maxAttempts(), this.job.timeout(),
				this.job.method(), true);
		return this;
	}

	KubernetesManifest manifest() {
		KubernetesManifest manifest = unchecked();
		JobSchema.assertValid(manifest);
		return manifest;
	}

	KubernetesManifest unchecked() {
		JobMessage message = this.message.build();
		return manifests().of(message, encoded(), this.runAt);
	}

	EncodedMessage encoded() {
		return new JobMessageCodec(SigningKeys.none(), Clock.systemUTC()).encode(this.message.build());
	}

	JobManifests manifests() {
		Function<String, @Nullable BackendJob> jobs = (name) -> name.equals(this.job.name()) ? this.job : null;
		return new JobManifests(layers(), new JobTemplates(), jobs, this.customizers, this.client, this.environment);
	}

	List<String> problems() {
		return new KubernetesProblems(layers(), new JobTemplates(), () -> List.of(this.job), this.environment).find();
	}

	private PodLayers layers() {
		Binder binder = new Binder(new MapConfigurationPropertySource(this.properties));
		return new PodLayers(binder.bindOrCreate("jobs.kubernetes", KubernetesPodProperties.class),
				binder.bindOrCreate("jobs.kubernetes", KubernetesJobProperties.class),
				new PodAnnotations(this.environment::resolveRequiredPlaceholders));
	}

}
