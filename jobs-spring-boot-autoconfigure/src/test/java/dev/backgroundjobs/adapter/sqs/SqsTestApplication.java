package dev.backgroundjobs.adapter.sqs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.autoconfigure.JobsClock;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.message.JobMessageCodec;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * An application whose jobs come from SQS, in this process or one of its own.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ SqsTestApplication.Letters.class, SqsTestApplication.Groups.class })
class SqsTestApplication {

	public static void main(String[] args) {
		start(args);
	}

	static ConfigurableApplicationContext start(String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--spring.config.location=optional:classpath:/none/",
				"--spring.main.web-application-type=none", "--jobs.backend=elastic", "--spring.main.banner-mode=off"));
		for (String property : properties) {
			arguments.add(property.startsWith("--") ? property : "--" + property);
		}
		return new SpringApplicationBuilder(SqsTestApplication.class).run(arguments.toArray(String[]::new));
	}

	static boolean isFifo(String queue) {
		return queue.equals("groups");
	}

	@Bean(destroyMethod = "close")
	SqsClient client(Environment environment, FailingCalls failing) {
		return SqsServer.client(environment.getRequiredProperty("sqs.endpoint"))
			.overrideConfiguration((configuration) -> configuration.addExecutionInterceptor(failing))
			.build();
	}

	@Bean
	FailingCalls failingCalls() {
		return new FailingCalls();
	}

	@Bean
	UrlLookup urls(SqsClient client) {
		Map<String, String> known = new ConcurrentHashMap<>();
		return (queue) -> known.computeIfAbsent(queue,
				(name) -> client.getQueueUrl((request) -> request.queueName(isFifo(name) ? name + ".fifo" : name))
					.queueUrl());
	}

	@Bean
	ElasticJobBackend backend(SqsClient client, JobMessageCodec codec, UrlLookup urls) {
		return new ElasticJobBackend(client, codec, urls);
	}

	@Bean
	SqsJobWorker worker(SqsClient client, UrlLookup urls, DeliveryProcessor processor, JobsClock clock,
			Environment environment) {
		int concurrency = environment.getProperty("sqs.concurrency", Integer.class, 10);
		SqsJobProperties.Worker properties = new SqsJobProperties.Worker(
				environment.getProperty("sqs.enabled", Boolean.class, true), concurrency,
				duration(environment, "sqs.wait-time", "1s"), duration(environment, "sqs.visibility-timeout", "60s"),
				Duration.ofHours(1), duration(environment, "sqs.release-delay", "1s"));
		SqsWorkerQueues queues = new SqsWorkerQueues(
				() -> List.of(environment.getProperty("sqs.queues", "letters").split(",")), urls,
				SqsTestApplication::isFifo, (queue) -> concurrency, (queue) -> false);
		return new SqsJobWorker(queues, properties, () -> client, BackendRequests.NONE, processor, clock.get(),
				SqsTestApplication::threads);
	}

	private static Duration duration(Environment environment, String name, String fallback) {
		return DurationStyle.detectAndParse(environment.getProperty(name, fallback));
	}

	private static CustomizableThreadFactory threads(String prefix) {
		CustomizableThreadFactory factory = new CustomizableThreadFactory(prefix);
		factory.setDaemon(true);
		return factory;
	}

	interface UrlLookup extends UnaryOperator<String> {

	}

	/**
	 * Jobs of a queue that keeps no order.
	 */
	static class Letters {

		final List<String> sent = new CopyOnWriteArrayList<>();

		final CountDownLatch release = new CountDownLatch(1);

		private final @Nullable Path file;

		Letters(Environment environment) {
			String file = environment.getProperty("letters.file");
			this.file = (file != null) ? Path.of(file) : null;
		}

		@BackgroundJob(queue = "letters")
		void send(String to) throws IOException, InterruptedException {
			this.sent.add(to);
			if (this.file != null) {
				// One short write at the end of a file is not torn by others.
				Files.writeString(this.file, to + "\n", StandardOpenOption.APPEND);
				TimeUnit.MILLISECONDS.sleep(20);
			}
		}

		@BackgroundJob(queue = "letters")
		void hold(String to) throws InterruptedException {
			this.sent.add(to);
			try {
				this.release.await();
				this.sent.add(to + " released");
			}
			catch (InterruptedException ex) {
				this.sent.add(to + " interrupted");
				throw ex;
			}
		}

	}

	/**
	 * Jobs of a queue that keeps the order of groups, some of which fail at first.
	 */
	static class Groups {

		static final int GROUPS = 5;

		static final int LETTERS = 12;

		// By group, in the order in which they were run to the end.
		final Map<String, List<Integer>> sent = new ConcurrentHashMap<>();

		final List<String> started = new CopyOnWriteArrayList<>();

		final CountDownLatch release;

		private final Set<Letter> failed = ConcurrentHashMap.newKeySet();

		Groups(Environment environment) {
			this.release = new CountDownLatch(environment.getProperty("groups.hold", Boolean.class, false) ? 1 : 0);
		}

		@BackgroundJob(queue = "groups", maxAttempts = "20", backoff = @Backoff(delay = "1s"))
		void post(Letter letter) throws InterruptedException {
			this.started.add(letter.group() + letter.number());
			this.release.await();
			if (letter.number() % 5 == 3 && this.failed.add(letter)) {
				throw new IllegalStateException("not yet");
			}
			this.sent.computeIfAbsent(letter.group(), (group) -> new CopyOnWriteArrayList<>()).add(letter.number());
		}

		static void enqueue(JobDispatcher jobs, String group, int count) {
			for (int number = 0; number < count; number++) {
				jobs.with(JobOptions.none().group(group)).enqueue(Groups::post, new Letter(group, number));
			}
		}

	}

	record Letter(String group, int number) {
	}

}
