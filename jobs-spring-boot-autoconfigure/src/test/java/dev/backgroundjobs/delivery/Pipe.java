package dev.backgroundjobs.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.definition.BackoffPolicy;
import dev.backgroundjobs.definition.JobDefaults;
import dev.backgroundjobs.definition.JobDefinitionScanner;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.dispatch.MessageSender;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.dispatch.QueueSettings;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.event.CloudEventModule;
import dev.backgroundjobs.event.EventMessages;
import dev.backgroundjobs.execution.ExecuteObserver;
import dev.backgroundjobs.execution.IterationSettings;
import dev.backgroundjobs.execution.JobExecutor;
import dev.backgroundjobs.execution.JobInterceptor;
import dev.backgroundjobs.execution.JobInvoker;
import dev.backgroundjobs.execution.SliceCheck;
import dev.backgroundjobs.execution.Lease;
import dev.backgroundjobs.message.ArgumentCodec;
import dev.backgroundjobs.message.EncryptionKeys;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageBuilder;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.SigningKeys;
import io.cloudevents.CloudEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/**
 * The pipe of one process, built by hand around a recording platform.
 */
final class Pipe {

	static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

	static final BackendCapabilities CAPABLE = BackendCapabilities.none()
		.withMaxDelay(Duration.ofDays(30))
		.withDurable()
		.withDeduplicates()
		.withHoldsDeadLetters();

	final MutableClock clock = new MutableClock(NOW);

	final List<Object> events = new ArrayList<>();

	final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

	Consumer<Object> listener = (event) -> {
	};

	final JobExecutor executor;

	SliceCheck sliceCheck = (context, items) -> false;

	final DeliveryProcessor processor;

	private final JobMessageCodec codec;

	Pipe(Object jobs, JobBackend backend) {
		this(jobs, List.of(backend), Map.of(), ProcessorSettings.DEFAULTS, List.of());
	}

	Pipe(Object jobs, JobBackend backend, SigningKeys keys) {
		this(jobs, backend, Map.of(), ProcessorSettings.DEFAULTS, keys, EncryptionKeys.none());
	}

	Pipe(Object jobs, JobBackend backend, Map<String, QueueSettings> queues, ProcessorSettings settings,
			SigningKeys signing, EncryptionKeys encryption) {
		this(jobs, List.of(backend), queues, settings, List.of(), signing, encryption);
	}

	Pipe(Object jobs, List<JobBackend> backends, Map<String, QueueSettings> queues, ProcessorSettings settings,
			List<JobInterceptor> interceptors) {
		this(jobs, backends, queues, settings, interceptors, SigningKeys.none(), EncryptionKeys.none());
	}

	private Pipe(Object jobs, List<JobBackend> backends, Map<String, QueueSettings> queues, ProcessorSettings settings,
			List<JobInterceptor> interceptors, SigningKeys signing, EncryptionKeys encryption) {
		this.beans.registerSingleton("jobs", jobs);
		JobDefinitions definitions = new JobDefinitionScanner(this.beans,
				new JobDefaults(5, new BackoffPolicy(Duration.ofSeconds(3), 2, Duration.ofHours(1), 0.15)))
			.scan();
		this.codec = new JobMessageCodec(signing, encryption, this.clock);
		QueueRouter router = new QueueRouter(backends, backends.get(0).name(), queues);
		ArgumentCodec arguments = new ArgumentCodec(JsonMapper.builder().build(), new CloudEventModule());
		this.executor = new JobExecutor(new JobInvoker(this.beans, arguments, interceptors), this::publish,
				ExecuteObserver.NONE, null, IterationSettings.DEFAULTS, arguments.cursors(),
				(context, items) -> this.sliceCheck.interrupts(context, items), this.clock);
		this.processor = new DeliveryProcessor(this.codec, () -> definitions,
				new EventMessages(() -> definitions, arguments, List.of(), true, this.clock), this.executor,
				new MessageSender(router, this.clock), router, this::publish, settings, DeliveryMeters.NONE,
				this.clock);
	}

	private void publish(Object event) {
		this.events.add(event);
		this.listener.accept(event);
	}

	static JobMessageBuilder message(String job, String args) {
		return JobMessage.builder(UUID.randomUUID().toString(), job, "default", args, NOW);
	}

	Settlement deliver(JobMessage message) {
		return deliver(message, 0);
	}

	Settlement push(JobMessage message, int redeliveries) {
		return this.processor.process(Delivery.pushed(bytes(message), true, redeliveries, null));
	}

	Settlement deliver(JobMessage message, @Nullable Instant deadline, Lease lease) {
		return this.processor.process(new Delivery(bytes(message), "platform", EnumSet.of(Trait.TRUSTED, Trait.DURABLE),
				0, deadline, lease, null, null, null));
	}

	Settlement deliver(JobMessage message, int redeliveries, Trait... traits) {
		Delivery delivery = Delivery.pulled(bytes(message), "platform", true, redeliveries);
		for (Trait trait : traits) {
			delivery = delivery.with(trait);
		}
		return this.processor.process(delivery);
	}

	Settlement deliver(CloudEvent event) {
		return this.processor.process(Delivery.pulled(new byte[0], "platform", true, 0).of(event));
	}

	Settlement deliver(String json) {
		return this.processor
			.process(Delivery.pulled(json.getBytes(java.nio.charset.StandardCharsets.UTF_8), "platform", true, 0));
	}

	byte[] bytes(JobMessage message) {
		return this.codec.encode(message).bytes();
	}

	String json(JobMessage message) {
		return this.codec.encode(message).text();
	}

	<T> List<T> events(Class<T> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

}
