package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import dev.backgroundjobs.adapter.kubernetes.KubernetesPodProperties.Toleration;
import dev.backgroundjobs.adapter.kubernetes.KubernetesPodProperties.Volume;
import dev.backgroundjobs.adapter.runonce.RunOnce;
import org.jspecify.annotations.Nullable;

/**
 * Checks settings on their own, whatever else is set.
 */
final class PodLayerCheck {

	// A Job is deleted with its pods' logs, and a failed one must be seen before.
	static final Duration MIN_TTL = Duration.ofDays(1);

	private static final Set<String> RESERVED_VARIABLES = Set.of(RunOnce.MESSAGE, RunOnce.MESSAGE_FILE,
			KubernetesNames.JOB_VARIABLE, KubernetesNames.NAMESPACE_VARIABLE);

	private static final Set<String> EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");

	private final PodLayer layer;

	private final KubernetesPodProperties settings;

	private final List<String> problems = new ArrayList<>();

	private PodLayerCheck(PodLayer layer) {
		this.layer = layer;
		this.settings = layer.settings();
	}

	/**
	 * Return what is wrong with settings.
	 */
	static List<String> problems(PodLayer layer) {
		PodLayerCheck check = new PodLayerCheck(layer);
		check.checkNames();
		check.checkQuantities();
		check.checkMaps();
		check.checkTimes();
		layer.settings().tolerations().forEach(check::checkToleration);
		check.checkVolumes();
		return check.problems;
	}

	private void checkNames() {
		check("namespace", this.settings.namespace(), KubernetesSyntax::label);
		check("container", this.settings.container(), KubernetesSyntax::label);
		check("service-account", this.settings.serviceAccount(), KubernetesSyntax::subdomain);
		check("image", this.settings.image(), (image) -> image.chars().anyMatch(Character::isWhitespace)
				? "is no image: give its name with a tag or digest" : null);
		this.settings.imagePullSecrets()
			.forEach((name) -> check("image-pull-secrets", name, KubernetesSyntax::subdomain));
		this.settings.envFromConfigMaps()
			.forEach((name) -> check("env-from-config-maps", name, KubernetesSyntax::subdomain));
		this.settings.envFromSecrets().forEach((name) -> check("env-from-secrets", name, KubernetesSyntax::subdomain));
	}

	private void checkQuantities() {
		check("cpu-request", this.settings.cpuRequest(), KubernetesSyntax::quantity);
		check("cpu-limit", this.settings.cpuLimit(), KubernetesSyntax::quantity);
		check("memory-request", this.settings.memoryRequest(), KubernetesSyntax::memory);
		check("memory-limit", this.settings.memoryLimit(), KubernetesSyntax::memory);
	}

	private void checkMaps() {
		for (String name : this.settings.env().keySet()) {
			check("env", name, KubernetesSyntax::variable);
			if (RESERVED_VARIABLES.contains(name)) {
				add("env", name, "is set by this library: remove it");
			}
		}
		checkLabels("labels", this.settings.labels());
		checkLabels("node-selector", this.settings.nodeSelector());
		for (String key : this.settings.annotations().keySet()) {
			check("annotations", key, KubernetesSyntax::key);
			checkReserved("annotations", key);
		}
		long bytes = KubernetesSyntax.bytes(this.settings.annotations());
		if (bytes > KubernetesSyntax.MAX_ANNOTATION_BYTES / 2) {
			this.problems.add(this.layer.describe("annotations") + " have " + bytes
					+ " bytes, where Kubernetes takes 256 KiB for all of an object: keep within half of it");
		}
	}

	private void checkLabels(String property, Map<String, String> labels) {
		labels.forEach((key, value) -> {
			check(property, key, KubernetesSyntax::key);
			check(property + "." + key, value, KubernetesSyntax::labelValue);
			if (property.equals("labels")) {
				checkReserved(property, key);
			}
		});
	}

	private void checkReserved(String property, String key) {
		if (key.startsWith(KubernetesNames.PREFIX) || key.equals(KubernetesNames.MANAGED_BY)) {
			add(property, key, "is set by this library, which finds its Jobs by it: give another key");
		}
	}

	private void checkTimes() {
		Integer backoffLimit = this.settings.backoffLimit();
		if (backoffLimit != null && backoffLimit < 0) {
			add("backoff-limit", backoffLimit, "is below 0: give 0 or more");
		}
		Duration ttl = this.settings.ttlAfterFinished();
		if (ttl != null && (ttl.compareTo(MIN_TTL) < 0 || ttl.toSeconds() >= Integer.MAX_VALUE)) {
			add("ttl-after-finished", ttl, "is below 1 day, or above 68 years: a failed Job must be there until it is "
					+ "reported as dead. Give 1d or more");
		}
		checkPositive("active-deadline", this.settings.activeDeadline());
		checkPositive("termination-grace-period", this.settings.terminationGracePeriod());
	}

	private void checkPositive(String property, @Nullable Duration time) {
		if (time != null && (time.isNegative() || time.isZero())) {
			add(property, time, "is not above 0: give a time such as 30s or 2h");
		}
	}

	private void checkToleration(Toleration toleration) {
		String operator = (toleration.operator() != null) ? toleration.operator() : "Equal";
		boolean isExists = operator.equals("Exists");
		String problem = null;
		if (!isExists && !operator.equals("Equal")) {
			problem = "has operator '" + operator + "': give Equal or Exists";
		}
		else if (isExists && toleration.value() != null) {
			problem = "has operator Exists and a value: remove one";
		}
		else if (!isExists && toleration.key() == null) {
			problem = "has no key: give one, or operator Exists for all taints";
		}
		else if (toleration.effect() != null && !EFFECTS.contains(toleration.effect())) {
			problem = "has effect '" + toleration.effect() + "': give NoSchedule, PreferNoSchedule, NoExecute or none";
		}
		else if (toleration.seconds() != null && !"NoExecute".equals(toleration.effect())) {
			problem = "has seconds, which only effect NoExecute has: set that, or remove them";
		}
		if (problem != null) {
			add("tolerations", toleration.key(), problem);
		}
		check("tolerations.key", toleration.key(), KubernetesSyntax::key);
		check("tolerations.value", toleration.value(), KubernetesSyntax::labelValue);
	}

	private void checkVolumes() {
		Set<String> names = new HashSet<>();
		for (Volume volume : this.settings.volumes()) {
			String name = String.valueOf(volume.name());
			if (volume.name() == null || KubernetesSyntax.label(name) != null) {
				add("volumes", volume.name(), String.valueOf(KubernetesSyntax.label("")));
			}
			else if (!names.add(name) || name.equals(MessageCarrier.VOLUME)) {
				add("volumes", name, "is there twice, or is the one with the message: give another name");
			}
			String path = volume.mountPath();
			if (path == null || !path.startsWith("/") || path.contains(":") || path.equals(MessageCarrier.DIRECTORY)) {
				add("volumes", name, "has mount-path '" + path + "': give an absolute path without colons, other than "
						+ MessageCarrier.DIRECTORY);
			}
			String subPath = volume.subPath();
			if (subPath != null && (subPath.startsWith("/") || List.of(subPath.split("/", -1)).contains(".."))) {
				add("volumes", name, "has sub-path '" + subPath + "': give a path within the volume, without a slash "
						+ "before it and without '..'");
			}
			int sources = (volume.emptyDir() ? 1 : 0) + count(volume.configMap()) + count(volume.secret())
					+ count(volume.persistentVolumeClaim());
			if (sources != 1) {
				add("volumes", name, "has " + sources + " sources: give exactly one of config-map, secret, "
						+ "persistent-volume-claim and empty-dir");
			}
		}
	}

	private static int count(@Nullable String source) {
		return (source != null) ? 1 : 0;
	}

	private void check(String property, @Nullable String value, Function<String, @Nullable String> rule) {
		String problem = (value != null) ? rule.apply(value) : null;
		if (problem != null) {
			add(property, value, problem);
		}
	}

	private void add(String property, @Nullable Object value, String problem) {
		this.problems.add(this.layer.describe(property) + ((value != null) ? " '" + value + "' " : " ") + problem);
	}

}
