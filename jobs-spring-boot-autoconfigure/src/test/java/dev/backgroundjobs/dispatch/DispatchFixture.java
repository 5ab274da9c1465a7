package dev.backgroundjobs.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.definition.BackoffPolicy;
import dev.backgroundjobs.definition.JobDefaults;
import dev.backgroundjobs.definition.JobDefinitionScanner;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.message.ArgumentCodec;
import dev.backgroundjobs.message.EncryptionKeys;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.SigningKeys;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * A dispatcher over given backends, with a few jobs and a clock that stands still.
 */
class DispatchFixture {

	static final Instant NOW = Instant.parse("2026-03-01T10:11:12.345678Z");

	final SettableClock clock = new SettableClock();

	final JobDefinitions definitions = scan();

	final QueueRouter router;

	final JobMessageCodec codec;

	DispatchFixture(List<? extends JobBackend> backends, Map<String, QueueSettings> queues) {
		this(backends, queues, SigningKeys.none(), EncryptionKeys.none());
	}

	DispatchFixture(List<? extends JobBackend> backends, Map<String, QueueSettings> queues, SigningKeys signing,
			EncryptionKeys encryption) {
		this.router = new QueueRouter(List.copyOf(backends), backends.get(0).name(), queues);
		this.codec = new JobMessageCodec(signing, encryption, this.clock);
	}

	JobDispatcher dispatcher() {
		return dispatcher(null);
	}

	JobDispatcher dispatcher(@Nullable AfterCommitOutbox outbox) {
		MessageFactory factory = new MessageFactory(() -> this.definitions,
				new ArgumentCodec(JsonMapper.builder().build()), this.codec, this.router, this.clock);
		return new DefaultJobDispatcher(factory, new MessageSender(this.router, this.clock), this.router, outbox,
				EnqueueObserver.NONE);
	}

	AfterCommitOutbox outbox(ApplicationEventPublisher events, Duration retryTime) {
		return new AfterCommitOutbox(new MessageSender(this.router, this.clock), events, retryTime);
	}

	private static JobDefinitions scan() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Reports.class)) {
			return new JobDefinitionScanner(context.getBeanFactory(),
					new JobDefaults(5, new BackoffPolicy(Duration.ofSeconds(3), 2, Duration.ofHours(1), 0)))
				.scan();
		}
	}

	static class Reports {

		@BackgroundJob(queue = "bulk-mail", priority = 3, aliases = "old.generate")
		void generate(String text) {
		}

		@BackgroundJob
		void clean() {
		}

		@BackgroundJob
		Iteration<Long> recount() {
			return Iteration.none();
		}

	}

	static class SettableClock extends Clock {

		Instant now = NOW;

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
			return this.now;
		}

	}

}
