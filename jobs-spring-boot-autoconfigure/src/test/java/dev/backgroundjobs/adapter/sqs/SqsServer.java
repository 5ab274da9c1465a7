package dev.backgroundjobs.adapter.sqs;

import java.net.URI;
import java.util.Map;

import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * ElasticMQ in this process. Forgets everything when it is stopped.
 */
final class SqsServer implements AutoCloseable {

	private final SqsClient client;

	private final int port;

	private SQSRestServer server;

	SqsServer() {
		this.server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
		this.port = this.server.waitUntilStarted().localAddress().getPort();
		this.client = client(endpoint()).build();
	}

	static SqsClientBuilder client(String endpoint) {
		return SqsClient.builder()
			.endpointOverride(URI.create(endpoint))
			.region(Region.EU_CENTRAL_1)
			.credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "x")));
	}

	String endpoint() {
		return "http://127.0.0.1:" + this.port;
	}

	SqsClient client() {
		return this.client;
	}

	void createQueue(String name) {
		Map<QueueAttributeName, String> attributes = name.endsWith(".fifo")
				? Map.of(QueueAttributeName.FIFO_QUEUE, "true") : Map.of();
		this.client.createQueue((request) -> request.queueName(name).attributes(attributes));
	}

	String url(String name) {
		return this.client.getQueueUrl((request) -> request.queueName(name)).queueUrl();
	}

	void send(String name, String body) {
		this.client.sendMessage((request) -> request.queueUrl(url(name)).messageBody(body));
	}

	/**
	 * Return how many messages can be received now.
	 */
	int visible(String name) {
		return count(name, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
	}

	/**
	 * Return how many messages are kept from others, or wait for their time.
	 */
	int hidden(String name) {
		return count(name, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)
				+ count(name, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
	}

	/**
	 * Return whether there is no message, at one moment.
	 */
	boolean isEmpty(String name) {
		return count(name, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
				QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
				QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED) == 0;
	}

	private int count(String name, QueueAttributeName... attributes) {
		return this.client.getQueueAttributes((request) -> request.queueUrl(url(name)).attributeNames(attributes))
			.attributes()
			.values()
			.stream()
			.mapToInt(Integer::parseInt)
			.sum();
	}

	void stop() {
		this.server.stopAndWait();
	}

	/**
	 * Start again at the same address, with nothing in it.
	 */
	void start() {
		this.server = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(this.port).start();
		this.server.waitUntilStarted();
	}

	@Override
	public void close() {
		this.client.close();
		stop();
	}

}
