package dev.backgroundjobs.adapter.kubernetes;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the API server checks of a Job, as far as we know its rules, since the mock server
 * checks nothing: {@code docs} of batch/v1 and core/v1, and the validation of
 * {@code pkg/apis/batch} and {@code pkg/apis/core}. Written on its own, not with what the
 * library checks.
 */
final class JobSchema {

	private static final String LABEL = "(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?";

	private static final String SUBDOMAIN = "(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

	private static final String QUALIFIED = "(?=.{1,63}$)[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?";

	private static final int KIB = 1024;

	private final List<String> violations = new ArrayList<>();

	private JobSchema() {
	}

	/**
	 * Check that Kubernetes would take a Job and its Secret.
	 */
	static void assertValid(KubernetesManifest manifest) {
		assertThat(violations(manifest.job())).isEmpty();
		Secret secret = manifest.secret();
		if (secret != null) {
			assertThat(violations(secret)).isEmpty();
			assertThat(secret.getMetadata().getNamespace()).isEqualTo(manifest.job().getMetadata().getNamespace());
		}
	}

	static List<String> violations(Job job) {
		JobSchema schema = new JobSchema();
		schema.check("Job".equals(job.getKind()) && "batch/v1".equals(job.getApiVersion()), "kind or apiVersion");
		schema.check(job.getStatus() == null, "status");
		schema.checkMetadata("metadata", job.getMetadata());
		// It becomes a label of the pods.
		schema.check(String.valueOf(job.getMetadata().getName()).matches(LABEL), "metadata.name");
		schema.checkSpec(job.getSpec());
		schema.checkFields("", job, new HashSet<>());
		schema.checkNotEmpty("", JsonMapper.builder().build().readTree(Serialization.asJson(job)));
		return schema.violations;
	}

	static List<String> violations(Secret secret) {
		JobSchema schema = new JobSchema();
		schema.checkMetadata("metadata", secret.getMetadata());
		schema.check(String.valueOf(secret.getMetadata().getName()).matches(SUBDOMAIN), "metadata.name");
		long bytes = 0;
		for (Map.Entry<String, String> entry : secret.getData().entrySet()) {
			schema.check(entry.getKey().matches("[-._a-zA-Z0-9]{1,253}"), "key " + entry.getKey());
			bytes += java.util.Base64.getDecoder().decode(entry.getValue()).length;
		}
		schema.check(bytes <= KIB * KIB, "data above 1 MiB");
		schema.checkFields("", secret, new HashSet<>());
		return schema.violations;
	}

	private void checkMetadata(String path, ObjectMeta metadata) {
		check(metadata.getNamespace() == null || metadata.getNamespace().matches(LABEL), path + ".namespace");
		labels(path + ".labels", metadata.getLabels());
		long bytes = 0;
		for (Map.Entry<String, String> entry : map(metadata.getAnnotations()).entrySet()) {
			check(isKey(entry.getKey()), path + ".annotations: key '" + entry.getKey() + "'");
			bytes += utf8(entry.getKey()) + utf8(entry.getValue());
		}
		check(bytes <= 256 * KIB, path + ".annotations above 256 KiB");
	}

	private void labels(String path, Map<String, String> labels) {
		map(labels).forEach((key, value) -> {
			check(isKey(key), path + ": key '" + key + "'");
			check(value.isEmpty() || value.matches(QUALIFIED), path + ": value '" + value + "'");
		});
	}

	private static boolean isKey(String key) {
		int slash = key.indexOf('/');
		return key.substring(slash + 1).matches(QUALIFIED) && (slash < 0 || key.substring(0, slash).matches(SUBDOMAIN));
	}

	private void checkSpec(JobSpec spec) {
		check(spec.getBackoffLimit() == null || spec.getBackoffLimit() >= 0, "spec.backoffLimit");
		check(spec.getActiveDeadlineSeconds() == null || spec.getActiveDeadlineSeconds() >= 0,
				"spec.activeDeadlineSeconds");
		check(spec.getTtlSecondsAfterFinished() == null || spec.getTtlSecondsAfterFinished() >= 0,
				"spec.ttlSecondsAfterFinished");
		check(spec.getSelector() == null && spec.getManualSelector() == null, "spec.selector");
		PodSpec pod = spec.getTemplate().getSpec();
		checkMetadata("spec.template.metadata", spec.getTemplate().getMetadata());
		check(List.of("Never", "OnFailure").contains(String.valueOf(pod.getRestartPolicy())), "restartPolicy");
		check(spec.getPodReplacementPolicy() == null
				|| List.of("Failed", "TerminatingOrFailed").contains(spec.getPodReplacementPolicy()),
				"spec.podReplacementPolicy");
		if (spec.getPodFailurePolicy() != null) {
			check("Never".equals(pod.getRestartPolicy()), "podFailurePolicy with another restartPolicy than Never");
			check(!"TerminatingOrFailed".equals(spec.getPodReplacementPolicy()),
					"podFailurePolicy with podReplacementPolicy TerminatingOrFailed");
			List<PodFailurePolicyRule> rules = spec.getPodFailurePolicy().getRules();
			check(!rules.isEmpty() && rules.size() <= 20, "podFailurePolicy of " + rules.size() + " rules");
			rules.forEach((rule) -> checkRule(rule, pod));
		}
		checkPod(pod);
	}

	private void checkRule(PodFailurePolicyRule rule, PodSpec pod) {
		check(List.of("FailJob", "Ignore", "Count").contains(rule.getAction()), "action " + rule.getAction());
		check((rule.getOnExitCodes() != null) != !rule.getOnPodConditions().isEmpty(),
				"rule with both or neither of onExitCodes and onPodConditions");
		if (rule.getOnExitCodes() != null) {
			var codes = rule.getOnExitCodes();
			check(List.of("In", "NotIn").contains(codes.getOperator()), "operator " + codes.getOperator());
			check(!codes.getValues().isEmpty() && codes.getValues().size() <= 255, "number of exit codes");
			check(codes.getValues().stream().noneMatch((code) -> code > 255 || code < 0), "exit code above 255");
			check(!("In".equals(codes.getOperator()) && codes.getValues().contains(0)), "exit code 0 for In");
			check(codes.getContainerName() == null
					|| pod.getContainers().stream().anyMatch((c) -> codes.getContainerName().equals(c.getName())),
					"rule for a container that is not there");
		}
		check(rule.getOnPodConditions().size() <= 20, "number of onPodConditions");
		rule.getOnPodConditions()
			.forEach((condition) -> check(
					isKey(String.valueOf(condition.getType()))
							&& List.of("True", "False", "Unknown").contains(String.valueOf(condition.getStatus())),
					"onPodConditions"));
	}

	private void checkPod(PodSpec pod) {
		check(pod.getServiceAccountName() == null || pod.getServiceAccountName().matches(SUBDOMAIN),
				"serviceAccountName");
		check(pod.getActiveDeadlineSeconds() == null || pod.getActiveDeadlineSeconds() > 0,
				"pod's activeDeadlineSeconds");
		check(pod.getTerminationGracePeriodSeconds() == null || pod.getTerminationGracePeriodSeconds() >= 0,
				"terminationGracePeriodSeconds");
		check(pod.getResources() == null, "resources at pod level");
		labels("nodeSelector", pod.getNodeSelector());
		pod.getImagePullSecrets().forEach((secret) -> check(secret.getName().matches(SUBDOMAIN), "imagePullSecrets"));
		pod.getTolerations().forEach(this::checkToleration);
		Set<String> volumes = new HashSet<>();
		for (Volume volume : pod.getVolumes()) {
			check(String.valueOf(volume.getName()).matches(LABEL), "volume '" + volume.getName() + "'");
			check(volumes.add(volume.getName()), "volume '" + volume.getName() + "' twice");
			JsonNode json = JsonMapper.builder().build().readTree(Serialization.asJson(volume));
			check(json.size() == 2, "volume '" + volume.getName() + "' with " + (json.size() - 1) + " sources");
		}
		check(!pod.getContainers().isEmpty(), "no container");
		Set<String> names = new HashSet<>();
		List<Container> all = new ArrayList<>(pod.getContainers());
		all.addAll(pod.getInitContainers());
		for (Container container : all) {
			check(names.add(container.getName()), "container '" + container.getName() + "' twice");
			checkContainer(container, volumes);
		}
	}

	private void checkToleration(Toleration toleration) {
		boolean isExists = "Exists".equals(toleration.getOperator());
		check(isExists || toleration.getOperator() == null || toleration.getOperator().equals("Equal"),
				"toleration's operator");
		check(!isExists || toleration.getValue() == null, "toleration with Exists and a value");
		check(isExists || toleration.getKey() != null, "toleration without a key");
		check(toleration.getTolerationSeconds() == null || "NoExecute".equals(toleration.getEffect()),
				"tolerationSeconds without NoExecute");
		check(toleration.getEffect() == null
				|| List.of("NoSchedule", "PreferNoSchedule", "NoExecute").contains(toleration.getEffect()),
				"toleration's effect");
	}

	private void checkContainer(Container container, Set<String> volumes) {
		check(String.valueOf(container.getName()).matches(LABEL), "container '" + container.getName() + "'");
		check(container.getImage() != null && container.getImage().matches("\\S+"), "image");
		check(container.getImagePullPolicy() == null
				|| List.of("Always", "IfNotPresent", "Never").contains(container.getImagePullPolicy()),
				"imagePullPolicy");
		Set<String> names = new HashSet<>();
		for (EnvVar variable : container.getEnv()) {
			check(variable.getName().matches("[-._a-zA-Z][-._a-zA-Z0-9]*"), "variable '" + variable.getName() + "'");
			check(names.add(variable.getName()), "variable '" + variable.getName() + "' twice");
			check(variable.getValue() == null || variable.getValueFrom() == null, "variable with two values");
			check(utf8(String.valueOf(variable.getValue())) + utf8(variable.getName()) < 128 * KIB,
					"variable '" + variable.getName() + "' above 128 KiB");
			check(variable.getValue() == null || variable.getValue().indexOf('\0') < 0, "variable with NUL");
		}
		ForeignContainer.words(container).forEach((word) -> check(utf8(word) < 128 * KIB, "argument above 128 KiB"));
		container.getEnvFrom()
			.forEach((source) -> check((source.getConfigMapRef() != null) != (source.getSecretRef() != null),
					"envFrom with both or neither source"));
		Set<String> paths = new HashSet<>();
		for (VolumeMount mount : container.getVolumeMounts()) {
			check(volumes.contains(mount.getName()), "mount of volume '" + mount.getName() + "', which is not there");
			check(mount.getMountPath() != null && !mount.getMountPath().contains(":"), "mountPath");
			check(paths.add(mount.getMountPath()), "mountPath '" + mount.getMountPath() + "' twice");
		}
		if (container.getResources() != null) {
			container.getResources().getLimits().forEach((name, limit) -> {
				Quantity request = container.getResources().getRequests().get(name);
				check(request == null || amount(request).compareTo(amount(limit)) <= 0, name + ": request above limit");
			});
			container.getResources().getRequests().values().forEach((q) -> check(amount(q).signum() >= 0, "quantity"));
		}
	}

	private static BigDecimal amount(Quantity quantity) {
		return Quantity.getAmountInBytes(quantity);
	}

	// The types are generated from the published schema and keep what it does not have.
	private void checkFields(String path, Object object, Set<Object> seen) {
		if (object instanceof Collection<?> elements) {
			elements.forEach((element) -> checkFields(path, element, seen));
		}
		else if (object instanceof Map<?, ?> entries) {
			entries.values().forEach((element) -> checkFields(path, element, seen));
		}
		else if (object != null && object.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
			for (Method method : object.getClass().getMethods()) {
				if (method.getName().startsWith("get") && method.getParameterCount() == 0
						&& !method.getName().equals("getClass")) {
					checkField(path, object, method, seen);
				}
			}
		}
	}

	private void checkField(String path, Object object, Method getter, Set<Object> seen) {
		String field = path + "." + getter.getName().substring(3);
		try {
			Object value = getter.invoke(object);
			if (getter.getName().equals("getAdditionalProperties")) {
				check(((Map<?, ?>) value).isEmpty(), path + " has fields of no schema: " + value);
			}
			else {
				checkFields(field, value, seen);
			}
		}
		catch (ReflectiveOperationException ex) {
			// Derived values of quantities, which are checked elsewhere.
			check(object instanceof Quantity, field);
		}
	}

	private void checkNotEmpty(String path, JsonNode node) {
		node.properties().forEach((field) -> {
			String name = path + "." + field.getKey();
			boolean isMarker = field.getKey().equals("emptyDir");
			check(isMarker || !field.getValue().isContainer() || !field.getValue().isEmpty(), name + " is empty");
			checkNotEmpty(name, field.getValue());
		});
		if (node.isArray()) {
			node.forEach((element) -> checkNotEmpty(path, element));
		}
	}

	private static Map<String, String> map(Map<String, String> map) {
		return (map != null) ? map : Map.of();
	}

	private static int utf8(String text) {
		return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
	}

	private void check(boolean holds, String what) {
		if (!holds) {
			this.violations.add(what);
		}
	}

}
