package dev.backgroundjobs.adapter.kubernetes;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

import dev.backgroundjobs.JobException;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jspecify.annotations.Nullable;

/**
 * Says what a failed call to the API server means for whoever has set it up.
 */
final class KubernetesFailures {

	private static final int UNAUTHORIZED = 401;

	private static final int FORBIDDEN = 403;

	private static final int NOT_FOUND = 404;

	private static final int INVALID = 422;

	private static final int TOO_MANY = 429;

	private static final int SERVER_ERROR = 500;

	private KubernetesFailures() {
	}

	/**
	 * Say what a call failed of.
	 * @param failure the client's exception
	 * @param verb what was asked for, as in a Role
	 * @param resource of what, as in a Role
	 * @param namespace where
	 */
	static JobException of(KubernetesClientException failure, String verb, String resource, String namespace) {
		String what = "'" + verb + "' " + resource + " in namespace '" + namespace + "'";
		return new JobException(sentence(failure, what, verb, resource, namespace), failure);
	}

	private static String sentence(KubernetesClientException failure, String what, String verb, String resource,
			String namespace) {
		int code = failure.getCode();
		String answer = answer(failure);
		if (code == UNAUTHORIZED) {
			return "The API server does not know who asks to " + what
					+ ": check the token of the pod's service account, or the user of the kubeconfig";
		}
		if (code == FORBIDDEN && answer.contains("exceeded quota")) {
			return "The quota of namespace '" + namespace + "' is used up, so that Kubernetes refuses to " + what + ": "
					+ answer + ". Raise the quota, or let finished Jobs go sooner";
		}
		if (code == FORBIDDEN && answer.contains("being terminated")) {
			return "Namespace '" + namespace + "' is being deleted: Kubernetes refuses to " + what;
		}
		if (code == FORBIDDEN) {
			return "The service account may not " + what + ": give its Role the verb '" + verb + "' for '" + resource
					+ "', as in docs/deploy-kubernetes.md. Kubernetes says: " + answer;
		}
		if (code == NOT_FOUND) {
			return "Kubernetes has no namespace '" + namespace + "' to " + what
					+ ": create it, or set 'jobs.kubernetes.namespace' to one there is. It says: " + answer;
		}
		if (code == INVALID) {
			return "Kubernetes takes the manifest for invalid and refuses to " + what + ": " + answer;
		}
		if (code == TOO_MANY || code >= SERVER_ERROR) {
			return "The API server is overloaded or out of order for now and has answered " + code + " to " + what
					+ ": " + answer;
		}
		return (code > 0) ? "Kubernetes refuses to " + what + " (" + code + "): " + answer : unreached(failure, what);
	}

	private static String unreached(KubernetesClientException failure, String what) {
		UnknownHostException unknown = cause(failure, UnknownHostException.class);
		if (unknown != null) {
			return "The API server's host '" + unknown.getMessage() + "' is not known, which was to " + what
					+ ": check the kubeconfig, or KUBERNETES_MASTER";
		}
		if (cause(failure, InterruptedException.class) != null) {
			return "Interrupted while the API server was asked to " + what + ": it may still do so";
		}
		if (cause(failure, ConnectException.class) != null) {
			return "The API server was not reached to " + what
					+ ": check the kubeconfig, or KUBERNETES_MASTER, and the way there";
		}
		if (cause(failure, HttpTimeoutException.class) != null || cause(failure, TimeoutException.class) != null
				|| String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("timed out")) {
			return "The API server has not answered in time when asked to " + what + ": it may still do so";
		}
		return "The API server was not reached to " + what + ": " + failure.getMessage();
	}

	// What the server says, without the client's words around it, which have its address.
	private static String answer(KubernetesClientException failure) {
		Status status = failure.getStatus();
		String message = (status != null && status.getMessage() != null) ? status.getMessage() : failure.getMessage();
		return (message != null) ? message.strip().replaceAll("\\.$", "") : "nothing";
	}

	private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

}
