package dev.backgroundjobs.adapter.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.jspecify.annotations.Nullable;

/**
 * What is created in Kubernetes for a message.
 *
 * @param job the Job
 * @param secret what the Job owns: the message, where it is too large for a variable; or
 * {@code null}
 */
record KubernetesManifest(Job job, @Nullable Secret secret) {
}
