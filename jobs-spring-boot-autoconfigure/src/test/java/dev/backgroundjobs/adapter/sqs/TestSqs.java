package dev.backgroundjobs.adapter.sqs;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import scala.Option;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A real SQS in this process, with a client of its own to look at it.
 */
final class TestSqs implements AutoCloseable {

	static final String REGION = "eu-west-1";

	static final StaticCredentialsProvider CREDENTIALS = StaticCredentialsProvider
		.create(AwsBasicCredentials.create("test", "test"));

	private final AtomicLong ahead = new AtomicLong();

	private final ActorSystem actors = ActorSystem.create("sqs");

	private final SQSRestServer server = SQSRestServerBuilder.withActorSystem(this.actors)
		.withQueueManagerActor(this.actors.actorOf(Props.create(QueueManagerActor.class,
				() -> new QueueManagerActor(new MovedClock(this.ahead), StrictSQSLimits$.MODULE$, Option.empty()))))
		.withInterface("127.0.0.1")
		.withDynamicPort()
		.start();

	private final URI endpoint = URI
		.create("http://127.0.0.1:" + this.server.waitUntilStarted().localAddress().getPort());

	private final SqsClient client = SqsClient.builder()
		.region(Region.of(REGION))
		.endpointOverride(this.endpoint)
		.credentialsProvider(CREDENTIALS)
		.build();

	/**
	 * Move the clock of this SQS.
	 */
	void advance(Duration time) {
		this.ahead.addAndGet(time.toMillis());
	}

	/**
	 * Return the clock of this SQS.
	 */
	Clock clock() {
		AtomicLong ahead = this.ahead;
		return new Clock() {

			@Override
			public ZoneId getZone() {
				return ZoneOffset.UTC;
			}

			@Override
			public Clock withZone(ZoneId zone) {
				return this;
			}

			@Override
			public Instant instant() {
				return Instant.now().plusMillis(ahead.get());
			}

		};
	}

	URI endpoint() {
		return this.endpoint;
	}

	SqsClient client() {
		return this.client;
	}

	/**
	 * Create a queue.
	 * @return its address
	 */
	String create(String name, Map<QueueAttributeName, String> attributes) {
		return this.client.createQueue((request) -> request.queueName(name).attributes(attributes)).queueUrl();
	}

	String create(String name) {
		return create(name, Map.of());
	}

	String createFifo(String name) {
		return create(name, Map.of(QueueAttributeName.FIFO_QUEUE, "true"));
	}

	/**
	 * Create a queue that gives messages up to another one.
	 */
	String create(String name, String deadLetter, int maxReceiveCount) {
		String policy = "{\"deadLetterTargetArn\":\"" + arn(create(deadLetter)) + "\",\"maxReceiveCount\":\""
				+ maxReceiveCount + "\"}";
		return create(name, Map.of(QueueAttributeName.REDRIVE_POLICY, policy));
	}

	String arn(String url) {
		return this.client
			.getQueueAttributes((request) -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
			.attributes()
			.get(QueueAttributeName.QUEUE_ARN);
	}

	/**
	 * Take up to ten messages, and keep them from others.
	 */
	List<Message> take(String url) {
		return this.client
			.receiveMessage((request) -> request.queueUrl(url)
				.maxNumberOfMessages(10)
				.waitTimeSeconds(1)
				.messageSystemAttributeNames(MessageSystemAttributeName.ALL)
				.messageAttributeNames("All"))
			.messages();
	}

	/**
	 * Return properties of an application that uses this SQS.
	 */
	String[] properties() {
		return new String[] { "jobs.backend=sqs", "jobs.sqs.region=" + REGION, "jobs.sqs.endpoint=" + this.endpoint };
	}

	static SqsJobProperties properties(Map<String, SqsJobProperties.Queue> queues) {
		return new SqsJobProperties(REGION, null, new SqsJobProperties.Batch(false), worker(false), queues);
	}

	static SqsJobProperties.Worker worker(boolean enabled) {
		return new SqsJobProperties.Worker(enabled, 10, Duration.ofSeconds(20), Duration.ofSeconds(60),
				Duration.ofHours(1), Duration.ofSeconds(10));
	}

	static SqsJobProperties.Queue queue(String url) {
		return new SqsJobProperties.Queue(URI.create(url), null, null);
	}

	@Override
	public void close() {
		this.client.close();
		this.server.stopAndWait();
		this.actors.terminate();
	}

	private static final class MovedClock extends NowProvider {

		private final AtomicLong ahead;

		MovedClock(AtomicLong ahead) {
			this.ahead = ahead;
		}

		@Override
		public long nowMillis() {
			return System.currentTimeMillis() + this.ahead.get();
		}

		@Override
		public OffsetDateTime now() {
			return OffsetDateTime.now(ZoneOffset.UTC).plus(Duration.ofMillis(this.ahead.get()));
		}

	}

	/**
	 * Gives an application credentials, which ElasticMQ does not look at.
	 */
	static final class Credentials implements SqsJobCustomizer {

		@Override
		public void customize(SqsClientBuilder builder) {
			builder.credentialsProvider(CREDENTIALS);
		}

		@Override
		public void customize(SqsAsyncClientBuilder builder) {
			builder.credentialsProvider(CREDENTIALS);
		}

	}

}
