package dev.backgroundjobs.adapter.kubernetes;

import java.time.Instant;

import dev.backgroundjobs.adapter.runonce.ManifestPrinter;
import dev.backgroundjobs.message.DerivedIds;
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

	// With an id and a time that are always the same, so that two versions can be
	// compared.
	@Override
	public String manifest(JobMessage called) {
		JobMessage message = called.part(DerivedIds.of("manifest", called.job(), called.args()), Instant.EPOCH)
			.runAt(called.runAt())
			.expiresAt(called.expiresAt())
			.build();
		KubernetesManifest manifest = this.manifests.of(message, this.codec.encode(message), message.runAt());
		String job = Serialization.asYaml(manifest.job());
		return (manifest.secret() != null) ? job + Serialization.asYaml(manifest.secret()) : job;
	}

}
