package dev.backgroundjobs.cloudtasks.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.google.cloud.tasks.v2.Queue;
import com.google.cloud.tasks.v2.RetryConfig;
import com.google.cloud.tasks.v2.Task;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;

/**
 * A Cloud Tasks in this process, since Google has no emulator of it: Google's own client
 * calls it over gRPC, and it pushes tasks over real HTTP. It keeps these rules; "proto"
 * are the comments of Google's published definitions ({@code google/cloud/tasks/v2}),
 * "quotas" is its page of quotas and limits.
 * <ul>
 * <li>A task is pushed at its schedule time, at once if that is past or not given
 * (task.proto), at most 30 days ahead (quotas), and has at most 1 MB (quotas).</li>
 * <li>A name is taken once, also for an hour after its task is done or deleted:
 * {@code ALREADY_EXISTS} (cloudtasks.proto; quotas say "about 1 hour", other pages up to
 * 24). A task without a name is given one.</li>
 * <li>2xx within the dispatch deadline, 15 s to 30 min and 10 min by default, ends a
 * task; anything else or no answer is an attempt that failed (task.proto).</li>
 * <li>The queue says when and how often a task is tried again: {@code min_backoff},
 * doubled {@code max_doublings} times, then more by the same step, up to
 * {@code max_backoff}; given up, and gone, once {@code max_attempts} were made and
 * {@code max_retry_duration} has passed (queue.proto).</li>
 * <li>429 and 503 hold the whole queue back, for as long as {@code Retry-After} says
 * (target.proto, "system throttling"); for how long without one is our choice.</li>
 * <li>Redirects are followed and do not count; what is behind them is the answer
 * (target.proto). A login page is a success therefore.</li>
 * <li>Headers: {@code User-Agent} (target.proto), {@code X-CloudTasks-QueueName},
 * {@code -TaskName}, {@code -TaskRetryCount} (all attempts before),
 * {@code -TaskExecutionCount} (those with an answer other than 5xx), {@code -TaskETA}
 * (seconds with a fraction), and {@code -TaskPreviousResponse} after an answer (Cloud
 * Tasks' page on HTTP handlers).</li>
 * <li>An OIDC token is made at every push and overrides {@code Authorization}; its
 * audience is the task's address unless it says (target.proto).</li>
 * <li>At most {@code max_concurrent_dispatches} pushes of a queue at once. A paused queue
 * keeps its tasks; {@code RunTask} pushes whatever the queue's state and limits
 * (cloudtasks.proto).</li>
 * </ul>
 * It does not: keep tasks longer than the process, check credentials or permissions, know
 * App Engine tasks or OAuth tokens, keep {@code max_dispatches_per_second}, ramp up
 * slowly, or create, change and delete queues. Safe for use by several threads.
 */
public final class CloudTasksEmulator implements AutoCloseable {

	private final GoogleTokenIssuer tokens;

	private final TaskQueues queues;

	private final CloudTasksService service;

	private final Server server;

	private CloudTasksEmulator(Builder builder) {
		this.tokens = new GoogleTokenIssuer();
		this.queues = new TaskQueues(builder.queues, builder.retry, this.tokens, Clock.systemUTC());
		this.service = new CloudTasksService(this.queues, Clock.systemUTC());
		this.server = NettyServerBuilder
			.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), builder.port))
			.addService(this.service.definition())
			.build();
		try {
			this.server.start();
		}
		catch (IOException ex) {
			this.tokens.close();
			throw new UncheckedIOException("Cloud Tasks cannot listen on port " + builder.port, ex);
		}
	}

	/**
	 * Start on a free port of this machine, with every queue that is asked for, and with
	 * the settings that Cloud Tasks gives a new queue.
	 * @return the emulator, which listens
	 */
	public static CloudTasksEmulator start() {
		return builder().start();
	}

	/**
	 * Start otherwise.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Where it listens, without TLS.
	 * @return host and port, for {@code jobs.cloud-tasks.endpoint} or
	 * {@code CloudTasksSettings.Builder.setEndpoint}
	 */
	public String endpoint() {
		return "127.0.0.1:" + this.server.getPort();
	}

	/**
	 * What makes the tokens that tasks are pushed with, and serves their keys.
	 * @return the issuer
	 */
	public GoogleTokenIssuer tokens() {
		return this.tokens;
	}

	/**
	 * The tasks that are there, done ones not.
	 * @return by full name
	 */
	public Map<String, Task> tasks() {
		return this.queues.tasks();
	}

	/**
	 * What was pushed and answered, the last 10,000.
	 * @return in the order of the answers
	 */
	public List<Push> pushes() {
		return this.queues.pushes();
	}

	/**
	 * Push a task now, whatever its time and its queue say, and wait for the answer.
	 * @param task its full name
	 * @return the status; 0 when there was no answer
	 * @throws IllegalArgumentException when there is no such task
	 */
	public int run(String task) {
		Integer status = this.queues.run(task);
		if (status == null) {
			throw new IllegalArgumentException("No task '" + task + "'");
		}
		return status;
	}

	/**
	 * Keep the tasks of a queue and push none, as {@code gcloud tasks queues pause}.
	 * @param queue its full name
	 */
	public void pause(String queue) {
		this.queues.pause(queue);
	}

	/**
	 * Push the tasks of a queue again.
	 * @param queue its full name
	 */
	public void resume(String queue) {
		this.queues.resume(queue);
	}

	/**
	 * Answer the next calls that create a task with an error.
	 * @param calls how many; 0 for none any more
	 * @param status the error
	 */
	public void refuse(int calls, Status status) {
		this.service.refuse(calls, status);
	}

	/**
	 * How many calls are still to be refused.
	 * @return the number
	 */
	public int refusalsLeft() {
		return this.service.refusalsLeft();
	}

	/**
	 * Stop at once. Tasks that are left are gone.
	 */
	@Override
	public void close() {
		this.queues.close();
		this.server.shutdownNow();
		this.tokens.close();
	}

	/**
	 * How an emulator starts.
	 */
	public static final class Builder {

		private final List<Queue> queues = new ArrayList<>();

		private RetryConfig retry = RetryConfig.getDefaultInstance();

		private int port;

		private Builder() {
		}

		/**
		 * Listen on a certain port.
		 * @param port the port; 0, as without this, for a free one
		 * @return this
		 */
		public Builder port(int port) {
			this.port = port;
			return this;
		}

		/**
		 * Say how tasks of queues that do not say it themselves are tried again.
		 * @param retry the settings; what is not set is as Cloud Tasks has it
		 * @return this
		 */
		public Builder retry(RetryConfig retry) {
			this.retry = retry;
			return this;
		}

		/**
		 * Add a queue. There are then only those that were added; with none, every queue
		 * is there.
		 * @param queue the queue, with its full name
		 * @return this
		 */
		public Builder queue(Queue queue) {
			this.queues.add(queue);
			return this;
		}

		/**
		 * Start.
		 * @return the emulator, which listens
		 * @throws UncheckedIOException when the port is taken
		 */
		public CloudTasksEmulator start() {
			return new CloudTasksEmulator(this);
		}

	}

}
