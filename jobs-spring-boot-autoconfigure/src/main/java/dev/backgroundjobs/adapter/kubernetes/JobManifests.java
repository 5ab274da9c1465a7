package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.backgroundjobs.adapter.runonce.RunOnce;
import dev.backgroundjobs.autoconfigure.BackendJobs.BackendJob;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;

/**
 * Makes Jobs of messages: of a template, properties and annotations, what nobody has set,
 * and the message, changed by customizers last. Safe for use by several threads.
 */
final class JobManifests implements KubernetesManifests {

	private static final String PROFILES = "SPRING_PROFILES_ACTIVE";

	// What a pod takes besides to end in time: the way from SIGTERM to the application.
	private static final Duration STOP_RESERVE = Duration.ofSeconds(10);

	private final PodLayers layers;

	private final JobTemplates templates;

	private final Function<String, @Nullable BackendJob> jobs;

	private final List<KubernetesJobCustomizer> customizers;

	private final Namespaces namespaces;

	private final OwnImage ownImage;

	private final Environment environment;

	/**
	 * Create the maker of Jobs.
	 * @param layers the settings
	 * @param templates reads files to start from
	 * @param jobs finds declared jobs by their names
	 * @param customizers change Jobs at the end
	 * @param client creates the client, which is asked for a namespace and an image where
	 * they are not set
	 * @param environment has the active profiles
	 */
	JobManifests(PodLayers layers, JobTemplates templates, Function<String, @Nullable BackendJob> jobs,
			List<KubernetesJobCustomizer> customizers, Supplier<KubernetesClient> client, Environment environment) {
		this.layers = layers;
		this.templates = templates;
		this.jobs = jobs;
		this.customizers = List.copyOf(customizers);
		this.namespaces = new Namespaces(layers, client);
		this.ownImage = new OwnImage(client, environment);
		this.environment = environment;
	}

	@Override
	public String namespace(String queue) {
		return this.namespaces.of(queue);
	}

	@Override
	public boolean isSuspended(String queue) {
		return this.layers.isSuspended(queue);
	}

	@Override
	public Set<String> ownNamespaces() {
		Set<String> own = new TreeSet<>();
		for (PodLayer layer : this.layers.queues()) {
			String namespace = layer.settings().namespace();
			if (namespace != null) {
				own.add(namespace);
			}
		}
		return own;
	}

	@Override
	public KubernetesManifest of(JobMessage message, EncodedMessage encoded, @Nullable Instant runAt) {
		BackendJob job = this.jobs.apply(message.job());
		PodLayer annotation = this.layers.annotation(job);
		boolean isForeign = annotation != null && annotation.isForeign();
		// What another backend is to have when it is due is passed on by this
		// application.
		if (isForeign && message.relay()) {
			annotation = null;
			isForeign = false;
		}
		JobDraft draft = JobDraft.of(this.layers.of(message.queue(), message.destination(), annotation),
				this.templates);
		JobIdentity identity = identity(message, runAt, draft);
		identity.write(draft.job());
		Duration timeout = (job != null) ? job.timeout() : null;
		JobFinish finish = new JobFinish(grace(this.environment));
		if (isForeign && job != null) {
			ForeignContainer.write(job, message, draft);
			finish.completeForeign(draft, job.maxAttempts() - message.attempt() + 1, timeout);
		}
		else {
			complete(message, draft);
			finish.complete(draft, timeout);
		}
		Secret secret = MessageCarrier.write(encoded, draft);
		return new KubernetesManifest(customized(draft.job(), message, identity), secret);
	}

	private JobIdentity identity(JobMessage message, @Nullable Instant runAt, JobDraft draft) {
		boolean isKept = !message.destination().equals(message.queue());
		if (isKept) {
			// Kueue would resume it.
			draft.removeLabel(KubernetesNames.KUEUE);
		}
		boolean isHeld = isKept || Boolean.TRUE.equals(draft.spec().getSuspend())
				|| draft.label(KubernetesNames.KUEUE) != null;
		draft.spec().setSuspend((isHeld || runAt != null) ? true : null);
		// Without a time somebody else resumes it.
		return JobIdentity.of(message, namespace(message.destination()), isHeld ? null : runAt);
	}

	private void complete(JobMessage message, JobDraft draft) {
		if (draft.container().getImage() == null) {
			draft.container().setImage(this.ownImage.get(message.queue(), draft.container().getName()));
		}
		String image = Objects.requireNonNullElse(this.layers.defaults().settings().image(),
				draft.container().getImage());
		ObjectMeta metadata = draft.metadata();
		List<EnvVar> defaults = new ArrayList<>();
		defaults.add(env(KubernetesNames.IMAGE_VARIABLE, image));
		defaults.add(env(KubernetesNames.COMMON_NAMESPACE_VARIABLE, this.namespaces.common()));
		List<String> profiles = new ArrayList<>(List.of(this.environment.getActiveProfiles()));
		profiles.remove(RunOnce.PROFILE);
		if (!profiles.isEmpty()) {
			defaults.add(env(PROFILES, String.join(",", profiles)));
		}
		List<EnvVar> fixed = List.of(env(RunOnce.SENDER, KubernetesJobBackend.NAME),
				env(KubernetesNames.JOB_VARIABLE, metadata.getName()),
				env(KubernetesNames.NAMESPACE_VARIABLE, metadata.getNamespace()));
		List<EnvVar> env = JobDraft.merged(fixed, defaults, EnvVar::getName);
		env = JobDraft.merged(env, draft.container().getEnv(), EnvVar::getName);
		draft.container().setEnv(JobDraft.merged(env, fixed, EnvVar::getName));
	}

	private static EnvVar env(String name, String value) {
		return ContainerWriter.env(name, DollarSigns.doubled(value));
	}

	private Job customized(Job job, JobMessage message, JobIdentity identity) {
		if (this.customizers.isEmpty()) {
			return job;
		}
		JobBuilder builder = new JobBuilder(job);
		this.customizers.forEach((customizer) -> customizer.customize(builder, message));
		Job customized = builder.build();
		identity.write(customized);
		return customized;
	}

	/**
	 * The time between SIGTERM and SIGKILL where nobody sets it.
	 */
	static Duration grace(Environment environment) {
		String phase = environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", "30s");
		return DurationStyle.detectAndParse(phase).plus(STOP_RESERVE);
	}

}
