package dev.backgroundjobs.adapter.kubernetes;

import dev.backgroundjobs.adapter.runonce.ManifestPrinter;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import io.fabric8.kubernetes.client.utils.Serialization;

/**
 * Writes manifests as YAML. Safe for use by several threads.
 */
final class KubernetesManifestText implements ManifestPrinter {

	private final KubernetesManifests manifests;

	private final JobMessageCodec codec;

	KubernetesManifestText(KubernetesManifests manifests, JobMessageCodec codec) {
		this.manifests = manifests;
		this.codec = codec;
	}

	@Override
	public String backend() {
		return KubernetesJobBackend.NAME;
	}

	@Override
	public String manifest(JobMessage message) {
		KubernetesManifest manifest = this.manifests.of(message, this.codec.encode(message), message.runAt());
		String job = Serialization.asYaml(manifest.job());
		return (manifest.secret() != null) ? job + Serialization.asYaml(manifest.secret()) : job;
	}

}
