package dev.backgroundjobs.adapter.kubernetes;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.autoconfigure.BackendJobs.BackendJob;
import dev.backgroundjobs.autoconfigure.StartProblems;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.VolumeMount;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * What Kubernetes would refuse of the Jobs to come, or what would keep them from running.
 * Asks nobody.
 */
final class KubernetesProblems implements StartProblems {

	private static final Logger logger = LoggerFactory.getLogger(KubernetesProblems.class);

	private final PodLayers layers;

	private final JobTemplates templates;

	private final Supplier<? extends Collection<BackendJob>> jobs;

	private final Environment environment;

	/**
	 * Create the check.
	 * @param layers the settings
	 * @param templates reads files to start from
	 * @param jobs returns the jobs that are sent to Kubernetes
	 * @param environment says whether this application runs in a pod
	 */
	KubernetesProblems(PodLayers layers, JobTemplates templates, Supplier<? extends Collection<BackendJob>> jobs,
			Environment environment) {
		this.layers = layers;
		this.templates = templates;
		this.jobs = jobs;
		this.environment = environment;
	}

	@Override
	public List<String> find() {
		Set<String> problems = new LinkedHashSet<>();
		checkLayer(this.layers.defaults(), problems);
		this.layers.queues().forEach((layer) -> checkLayer(layer, problems));
		for (BackendJob job : this.jobs.get()) {
			try {
				PodLayer annotation = this.layers.annotation(job);
				if (annotation != null) {
					problems.addAll(PodLayerCheck.problems(annotation));
				}
				problems.addAll(check(job, annotation));
			}
			catch (JobException ex) {
				problems.add(String.valueOf(ex.getMessage()));
			}
		}
		return List.copyOf(problems);
	}

	// Also where no job is declared: dead copies, and jobs of others, need it one day.
	private void checkLayer(PodLayer layer, Set<String> problems) {
		problems.addAll(PodLayerCheck.problems(layer));
		if (layer.settings().template() != null) {
			try {
				this.templates.get(layer);
			}
			catch (JobException ex) {
				problems.add(String.valueOf(ex.getMessage()));
			}
		}
	}

	private List<String> check(BackendJob job, @Nullable PodLayer annotation) {
		List<PodLayer> layers = this.layers.of(job.queue(), job.queue(), annotation);
		if (layers.stream().anyMatch((layer) -> !PodLayerCheck.problems(layer).isEmpty())) {
			// Said before, and not to be written.
			return List.of();
		}
		List<String> problems = new ArrayList<>();
		JobDraft draft = JobDraft.of(layers, this.templates);
		if (draft.container().getImage() == null && !OwnImage.isInPod(this.environment)) {
			problems.add("Queue '" + job.queue() + "' has no image, and this application runs in no pod to take it "
					+ "from: set 'jobs.kubernetes.image'");
		}
		checkHeld(job, draft, problems);
		checkTtl(job, draft, problems);
		checkResources(job, draft, problems);
		checkDeadline(job, draft, layers, problems);
		checkMounts(job, draft, problems);
		if (annotation != null && annotation.isForeign()) {
			problems.addAll(ForeignCheck.problems(job, annotation, draft));
			warnOfPlainArguments(job);
			return problems;
		}
		warnOfGrace(job, draft, layers);
		if (annotation != null && annotation.settings().image() != null) {
			problems.addAll(ForeignCheck.problemsOfImage(job, annotation));
		}
		return problems;
	}

	private void checkHeld(BackendJob job, JobDraft draft, List<String> problems) {
		if (this.layers.isSuspended(job.queue())) {
			return;
		}
		String place = "'jobs.kubernetes.queues." + job.queue() + "'";
		if (draft.label(KubernetesNames.KUEUE) != null) {
			problems.add("Job '" + job.name() + "' has label '" + KubernetesNames.KUEUE + "' of @KubernetesJob or a "
					+ "template: Kueue starts a Job whenever there is room, so that its queue cannot delay; set the "
					+ "label, or 'suspend: true', for " + place);
		}
		else if (Boolean.TRUE.equals(draft.spec().getSuspend())) {
			problems.add("Job '" + job.name() + "' is suspended by @KubernetesJob or a template: whoever resumes it "
					+ "knows nothing of its time, so that its queue cannot delay; set 'suspend: true' for " + place);
		}
	}

	// That of properties and annotations is checked with them.
	private static void checkTtl(BackendJob job, JobDraft draft, List<String> problems) {
		Integer ttl = draft.spec().getTtlSecondsAfterFinished();
		if (ttl != null && ttl < PodLayerCheck.MIN_TTL.toSeconds()) {
			problems.add("Job '" + job.name() + "' has ttlSecondsAfterFinished " + ttl + " of its template, which is "
					+ "below 1 day: a failed Job must be there until it is reported as dead. Give 86400 or more, or "
					+ "none for 7 days");
		}
	}

	private void warnOfPlainArguments(BackendJob job) {
		if (StringUtils.hasText(this.environment.getProperty("jobs.encryption.key-id"))
				&& job.method().getParameterCount() > 0) {
			logger.warn("Messages are encrypted, and the arguments of job '{}' are not: its container, which is not "
					+ "this application, gets them in its variables", job.name());
		}
	}

	private static void checkResources(BackendJob job, JobDraft draft, List<String> problems) {
		ResourceRequirements resources = draft.container().getResources();
		if (resources == null) {
			return;
		}
		for (Map.Entry<String, Quantity> limit : resources.getLimits().entrySet()) {
			Quantity request = resources.getRequests().get(limit.getKey());
			BigDecimal most = limit.getValue().getNumericalAmount();
			if (request != null && request.getNumericalAmount().compareTo(most) > 0) {
				problems.add("Job '" + job.name() + "' requests " + limit.getKey() + " " + request
						+ " and is limited to " + limit.getValue() + ": raise " + limit.getKey() + "-limit, or lower "
						+ limit.getKey() + "-request, of 'jobs.kubernetes', 'jobs.kubernetes.queues." + job.queue()
						+ "', @KubernetesJob or the template");
			}
		}
	}

	private static void checkMounts(BackendJob job, JobDraft draft, List<String> problems) {
		Map<String, String> volumes = new HashMap<>();
		for (VolumeMount mount : draft.container().getVolumeMounts()) {
			String other = volumes.putIfAbsent(mount.getMountPath(), mount.getName());
			if (other != null) {
				problems.add("Job '" + job.name() + "' has volumes '" + other + "' and '" + mount.getName() + "' at '"
						+ mount.getMountPath() + "': give one of them another mount-path, or both the same name");
			}
		}
	}

	private void warnOfGrace(BackendJob job, JobDraft draft, List<PodLayer> layers) {
		Long grace = draft.pod().getTerminationGracePeriodSeconds();
		Duration phase = DurationStyle
			.detectAndParse(this.environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", "30s"));
		if (grace == null || grace > phase.toSeconds()) {
			return;
		}
		String where = "The template's terminationGracePeriodSeconds";
		for (PodLayer layer : layers) {
			where = (layer.settings().terminationGracePeriod() != null) ? layer.describe("termination-grace-period")
					: where;
		}
		logger.warn("{} is {}, and the application may take {} to stop, so that pods of job '{}' may be killed before "
				+ "they hand over what is left: give more, or lower 'spring.lifecycle.timeout-per-shutdown-phase'",
				where, Duration.ofSeconds(grace), phase, job.name());
	}

	private static void checkDeadline(BackendJob job, JobDraft draft, List<PodLayer> layers, List<String> problems) {
		Long deadline = draft.spec().getActiveDeadlineSeconds();
		if (deadline == null || job.timeout() == null || deadline >= PodWriter.seconds(job.timeout())) {
			return;
		}
		String where = "The template's activeDeadlineSeconds";
		for (PodLayer layer : layers) {
			where = (layer.settings().activeDeadline() != null) ? layer.describe("active-deadline") : where;
		}
		problems.add(where + " is " + Duration.ofSeconds(deadline) + ", which is shorter than the timeout of job '"
				+ job.name() + "', " + job.timeout()
				+ ": give more, or none to have it derived from the timeout and the number of pods");
	}

}
