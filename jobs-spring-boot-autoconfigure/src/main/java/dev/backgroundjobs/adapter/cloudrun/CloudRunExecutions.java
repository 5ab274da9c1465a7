package dev.backgroundjobs.adapter.cloudrun;

import java.util.function.Supplier;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.FailedPreconditionException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.cloud.run.v2.CancelExecutionRequest;
import com.google.cloud.run.v2.Condition;
import com.google.cloud.run.v2.Execution;
import com.google.cloud.run.v2.ExecutionName;
import com.google.cloud.run.v2.ExecutionsClient;
import com.google.cloud.run.v2.JobName;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobStatus;
import dev.backgroundjobs.backend.BackendRequests;
import org.jspecify.annotations.Nullable;

/**
 * The executions that messages have become. Safe for use by several threads.
 */
final class CloudRunExecutions {

	private final Supplier<ExecutionsClient> client;

	private final BackendRequests requests;

	CloudRunExecutions(Supplier<ExecutionsClient> client, BackendRequests requests) {
		this.client = client;
		this.requests = requests;
	}

	JobStatus status(String queue, @Nullable String backendId) {
		Execution execution = find(queue, backendId);
		if (execution == null || isCancelled(execution)) {
			return JobStatus.UNKNOWN;
		}
		if (execution.hasCompletionTime()) {
			return (execution.getSucceededCount() >= execution.getTaskCount()) ? JobStatus.SUCCEEDED : JobStatus.FAILED;
		}
		return (execution.getRunningCount() > 0 || execution.hasStartTime()) ? JobStatus.RUNNING : JobStatus.QUEUED;
	}

	/**
	 * Cancel an execution.
	 * @return whether it had not ended
	 */
	boolean cancel(String queue, @Nullable String backendId) {
		Execution execution = find(queue, backendId);
		if (execution == null || execution.hasCompletionTime()) {
			return false;
		}
		this.requests.count(CloudRunJobBackend.NAME, "cancel", 0);
		try {
			this.client.get()
				.cancelExecutionCallable()
				.call(CancelExecutionRequest.newBuilder().setName(execution.getName()).build());
			return true;
		}
		catch (NotFoundException | FailedPreconditionException ex) {
			// It has ended, or was deleted, since it was asked for.
			return false;
		}
		catch (ApiException ex) {
			throw failure(ex, queue, execution.getName(), "run.executions.cancel");
		}
	}

	/**
	 * Return whether somebody has cancelled or deleted an execution.
	 * @throws ApiException when Cloud Run cannot be asked
	 */
	boolean isCancelled(ExecutionName name) {
		this.requests.count(CloudRunJobBackend.NAME, "status", 0);
		try {
			return isCancelled(this.client.get().getExecution(name));
		}
		catch (NotFoundException ex) {
			return true;
		}
	}

	private @Nullable Execution find(String queue, @Nullable String backendId) {
		if (backendId == null || !ExecutionName.isParsableFrom(backendId)) {
			return null;
		}
		this.requests.count(CloudRunJobBackend.NAME, "status", 0);
		try {
			return this.client.get().getExecution(backendId);
		}
		catch (NotFoundException ex) {
			return null;
		}
		catch (ApiException ex) {
			throw failure(ex, queue, backendId, "run.executions.get");
		}
	}

	private static boolean isCancelled(Execution execution) {
		return execution.getCancelledCount() > 0 || execution.hasDeleteTime()
				|| execution.getConditionsList().stream().map(Condition::getExecutionReason).anyMatch((reason) -> {
					return switch (reason) {
						case CANCELLED, CANCELLING, DELETED -> true;
						default -> false;
					};
				});
	}

	private static JobException failure(ApiException failure, String queue, String backendId, String permission) {
		ExecutionName name = ExecutionName.parse(backendId);
		return CloudRunFailures.of(failure, queue, JobName.of(name.getProject(), name.getLocation(), name.getJob()),
				permission);
	}

}
