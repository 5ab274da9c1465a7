package dev.backgroundjobs.sample.aws;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * ElasticMQ in this process: SQS, with its queues in memory.
 */
final class LocalSqs implements AutoCloseable {

	/** ElasticMQ takes any. */
	static final AwsCredentialsProvider CREDENTIALS = StaticCredentialsProvider
		.create(AwsBasicCredentials.create("laptop", "laptop"));

	private static final Log logger = LogFactory.getLog(LocalSqs.class);

	private final SQSRestServer server;

	private final URI endpoint;

	private final String region;

	private final SqsClient client;

	private LocalSqs(SQSRestServer server, String region) {
		this.server = server;
		this.region = region;
		this.endpoint = URI.create("http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
		this.client = SqsClient.builder()
			.endpointOverride(this.endpoint)
			.region(Region.of(region))
			.credentialsProvider(CREDENTIALS)
			.build();
	}

	/**
	 * Start it.
	 * @param port where it listens, 0 for a free port
	 * @param region the region that clients say
	 */
	static LocalSqs start(int port, String region) {
		// ElasticMQ would say it in many words, and leave threads that keep the process.
		try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			logger.debug("Port " + free.getLocalPort() + " is free");
		}
		catch (IOException ex) {
			throw new IllegalStateException(
					"Port " + port + " of the local SQS is taken: set 'paperwork.sqs-port' to another", ex);
		}
		return new LocalSqs(SQSRestServerBuilder.withInterface("127.0.0.1").withPort(port).start(), region);
	}

	/**
	 * Create a queue as it would be created in Amazon Web Services, and the one beside it
	 * that keeps its dead jobs.
	 */
	void create(String queue) {
		String dead = this.client.createQueue((request) -> request.queueName(queue + "-dead")).queueUrl();
		String arn = this.client
			.getQueueAttributes((request) -> request.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
			.attributes()
			.get(QueueAttributeName.QUEUE_ARN);
		this.client.createQueue((request) -> request.queueName(queue)
			.attributes(Map.of(QueueAttributeName.REDRIVE_POLICY,
					"{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":\"25\"}")));
		logger.info("Queue '" + queue + "' is at " + this.endpoint + ", its dead jobs in '" + queue + "-dead'");
	}

	/**
	 * Send a message to a queue.
	 */
	void send(String queue, String body) {
		String url = this.client.getQueueUrl((request) -> request.queueName(queue)).queueUrl();
		this.client.sendMessage((request) -> request.queueUrl(url).messageBody(body));
	}

	URI endpoint() {
		return this.endpoint;
	}

	String region() {
		return this.region;
	}

	@Override
	public void close() {
		this.client.close();
		this.server.stopAndWait();
	}

}
