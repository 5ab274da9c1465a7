package dev.backgroundjobs.cloudtasks.emulator;

import com.google.cloud.tasks.v2.HttpRequest;

/**
 * One attempt to push a task, and its answer.
 *
 * @param task the full name of the task
 * @param url where it was pushed to
 * @param serviceAccount the service account whose OIDC token it carried; empty without a
 * token
 * @param retryCount the number of attempts before this one
 * @param status the answer's status; 0 when there was none
 */
public record Push(String task, String url, String serviceAccount, int retryCount, int status) {

	static Push of(StoredTask task, Answer answer) {
		HttpRequest request = task.task().getHttpRequest();
		return new Push(task.name(), request.getUrl(), request.getOidcToken().getServiceAccountEmail(), task.attempts(),
				answer.status());
	}

}
