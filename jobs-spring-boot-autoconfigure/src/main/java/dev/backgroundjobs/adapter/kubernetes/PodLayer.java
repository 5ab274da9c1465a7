package dev.backgroundjobs.adapter.kubernetes;

import java.util.List;
import java.util.Map;

/**
 * Settings, and where somebody has written them.
 *
 * @param name the prefix of properties, or the annotation with its job
 * @param isAnnotation whether they are of an annotation
 * @param settings the settings
 */
record PodLayer(String name, boolean isAnnotation, KubernetesPodProperties settings) {

	static PodLayer ofProperties(String prefix, KubernetesPodProperties settings) {
		return new PodLayer(prefix, false, settings);
	}

	static PodLayer ofAnnotation(String job, KubernetesPodProperties settings) {
		return new PodLayer("@KubernetesJob of job '" + job + "'", true, settings);
	}

	/**
	 * Whether a container that is not ours takes the place of the method.
	 */
	boolean isForeign() {
		return this.isAnnotation && this.settings.image() != null && !this.settings.command().isEmpty();
	}

	/**
	 * These settings without what is meant for this application alone, and a stranger's
	 * container has no business with.
	 */
	PodLayer withoutOurs() {
		KubernetesPodProperties all = this.settings;
		return new PodLayer(this.name, this.isAnnotation,
				new KubernetesPodProperties(all.namespace(), all.image(), all.imagePullPolicy(), all.imagePullSecrets(),
						all.command(), all.args(), all.container(), null, all.cpuRequest(), all.cpuLimit(),
						all.memoryRequest(), all.memoryLimit(), Map.of(), List.of(), List.of(), all.labels(),
						all.annotations(), all.nodeSelector(), all.tolerations(), List.of(), all.restartPolicy(),
						all.activeDeadline(), all.backoffLimit(), all.ttlAfterFinished(), all.terminationGracePeriod(),
						all.suspend(), all.template()));
	}

	/**
	 * A setting by the name that its author knows.
	 * @param property its name as a property
	 */
	String describe(String property) {
		return this.isAnnotation ? this.name + ": " + attribute(property)
				: "Property '" + this.name + "." + property + "'";
	}

	private static String attribute(String property) {
		StringBuilder attribute = new StringBuilder();
		for (String word : property.split("-", -1)) {
			attribute.append(attribute.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
		}
		return attribute.toString();
	}

}
