package dev.backgroundjobs.adapter.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import dev.backgroundjobs.adapter.runonce.RunOnce;
import dev.backgroundjobs.message.EncodedMessage;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Gives the message to the container: in a variable, or, where it is too large for one,
 * in a file from a Secret.
 */
final class MessageCarrier {

	/** The volume with the file. */
	static final String VOLUME = "jobs-message";

	/** The directory of the file. */
	static final String DIRECTORY = "/etc/background-jobs";

	/** The key in the Secret, and the name of the file. */
	static final String KEY = "message";

	// Linux takes 128 KiB for a variable, and etcd 1.5 MB for a Job.
	static final int MAX_VARIABLE_BYTES = 100 * 1024;

	private MessageCarrier() {
	}

	/**
	 * Put a message into the container of a Job that has its name, namespace and labels.
	 * @return the Secret that it is in, or {@code null} when it is in a variable
	 */
	static @Nullable Secret write(EncodedMessage encoded, JobDraft draft) {
		String text = DollarSigns.doubled(encoded.text());
		List<EnvVar> env = new ArrayList<>(draft.container().getEnv());
		env.removeIf((variable) -> variable.getName().equals(RunOnce.MESSAGE)
				|| variable.getName().equals(RunOnce.MESSAGE_FILE));
		draft.container().setEnv(env);
		if (bytes(text) <= MAX_VARIABLE_BYTES) {
			env.add(0, ContainerWriter.env(RunOnce.MESSAGE, text));
			return null;
		}
		env.add(0, ContainerWriter.env(RunOnce.MESSAGE_FILE, DIRECTORY + "/" + KEY));
		String name = draft.metadata().getName();
		Volume volume = new VolumeBuilder().withName(VOLUME).withNewSecret().withSecretName(name).endSecret().build();
		VolumeMount mount = new VolumeMountBuilder().withName(VOLUME)
			.withMountPath(DIRECTORY)
			.withReadOnly(true)
			.build();
		draft.pod().setVolumes(JobDraft.replaced(draft.pod().getVolumes(), List.of(volume), Volume::getName));
		draft.container()
			.setVolumeMounts(
					JobDraft.replaced(draft.container().getVolumeMounts(), List.of(mount), VolumeMount::getName));
		return new SecretBuilder().withNewMetadata()
			.withName(name)
			.withNamespace(draft.metadata().getNamespace())
			.withLabels(draft.metadata().getLabels())
			.endMetadata()
			.withType("Opaque")
			.withImmutable(true)
			.addToData(KEY, Base64.getEncoder().encodeToString(encoded.bytes()))
			.build();
	}

	static int bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

}
