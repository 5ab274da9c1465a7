package dev.backgroundjobs.observability;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.RecordingJobBackend;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.MutableClock;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import io.micrometer.tracing.ScopedSpan;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One trace for a job, from the request that enqueued it to its last run, with the
 * OpenTelemetry SDK that Spring Boot configures.
 */
class TracingTests {

	private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

	// Its own spans would only be in the way here.
	private static final List<String> SECURITY = Stream
		.of("SecurityAutoConfiguration", "UserDetailsServiceAutoConfiguration",
				"web.servlet.SecurityFilterAutoConfiguration", "web.servlet.ServletWebSecurityAutoConfiguration",
				"actuate.web.servlet.ManagementWebSecurityAutoConfiguration")
		.map((name) -> "org.springframework.boot.security.autoconfigure." + name)
		.toList();

	private ConfigurableApplicationContext context;

	@AfterEach
	void stop() {
		this.context.close();
	}

	@Test
	void spansTheRequestTheQueueAndEveryAttempt() throws Exception {
		start(Orders.class, "jobs.backend=local");
		HttpResponse<String> response = post("/orders", "", "text/plain");
		assertThat(response.statusCode()).isEqualTo(200);
		List<SpanData> spans = awaitSpans(4);
		assertThat(traces(spans)).hasSize(1);
		SpanData request = only(spans, "http post /orders");
		SpanData enqueue = only(spans, "enqueue traced.failOnce");
		assertThat(enqueue.getKind()).isEqualTo(SpanKind.PRODUCER);
		assertThat(enqueue.getParentSpanId()).isEqualTo(request.getSpanId());
		assertThat(spans).filteredOn((span) -> span.getName().equals("execute traced.failOnce"))
			.hasSize(2)
			.allSatisfy((run) -> {
				assertThat(run.getKind()).isEqualTo(SpanKind.CONSUMER);
				assertThat(run.getParentSpanId()).isEqualTo(enqueue.getSpanId());
			})
			.extracting((run) -> attribute(run, "job.attempt") + " " + attribute(run, "outcome"))
			.containsExactly("1 failed", "2 succeeded");
	}

	@Test
	void belongsToTheTraceOfTheMessageNotOfTheDeliveringRequest() throws Exception {
		start(Recorded.class, "jobs.backend=recorded", "jobs.signing.keys.k1=" + TestKeys.secret("k1"),
				"jobs.signing.key-id=k1");
		String trace = inSpan(() -> jobs().enqueue(Traced::succeed));
		JobMessage message = recorded().onlyMessage();
		assertThat(message.headers().get("traceparent")).contains(trace);
		HttpResponse<String> response = post("/_jobs", encoded(message), "application/jose");
		assertThat(response.statusCode()).isEqualTo(204);
		SpanData run = only(awaitSpans(4), "execute traced.succeed");
		assertThat(run.getTraceId()).isEqualTo(trace);
		assertThat(traced().mdcTrace).isEqualTo(trace);
	}

	@Test
	void survivesHopsOfALongDelay() {
		start(Recorded.class, "jobs.backend=recorded");
		String trace = inSpan(() -> jobs().enqueueIn(Duration.ofMinutes(25), Traced::succeed));
		Settlement settlement = Settlement.REPLACED;
		for (int hops = 0; settlement == Settlement.REPLACED; hops++) {
			assertThat(hops).isLessThan(4);
			JobMessage last = recorded().sent.get(recorded().sent.size() - 1).message();
			clock().advance(Duration.ofMinutes(10));
			settlement = deliver(last);
		}
		assertThat(settlement).isEqualTo(Settlement.DONE);
		assertThat(recorded().sent).hasSize(3);
		assertThat(only(awaitSpans(3), "execute traced.succeed").getTraceId()).isEqualTo(trace);
	}

	@Test
	void letsABulkShareItsSpan() {
		start(Recorded.class, "jobs.backend=recorded");
		jobs().enqueueAll(List.of(JobCall.of(Traced::succeed), JobCall.of(Traced::succeed)));
		SpanData bulk = only(awaitSpans(1), "enqueue traced.succeed");
		assertThat(attribute(bulk, "jobs.batch.size")).isEqualTo("2");
		assertThat(recorded().sent)
			.allSatisfy((sent) -> assertThat(sent.message().headers().get("traceparent")).contains(bulk.getSpanId()));
	}

	@Test
	void keepsTheTraceThatACallerGives() {
		start(Recorded.class, "jobs.backend=recorded");
		String given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
		jobs().with(JobOptions.none().header("traceparent", given)).enqueue(Traced::succeed);
		assertThat(recorded().onlyMessage().headers()).containsEntry("traceparent", given);
		deliver(recorded().onlyMessage());
		SpanData run = only(awaitSpans(2), "execute traced.succeed");
		assertThat(run.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
	}

	@Test
	void showsWhatAJobEnqueuesAsItsChild() {
		start(Orders.class, "jobs.backend=local");
		String trace = inSpan(() -> jobs().enqueue(Traced::enqueueAnother));
		List<SpanData> spans = awaitSpans(5);
		assertThat(traces(spans)).containsExactly(trace);
		assertThat(only(spans, "enqueue traced.succeed").getParentSpanId())
			.isEqualTo(only(spans, "execute traced.enqueueAnother").getSpanId());
	}

	private void start(Class<?> configuration, String... properties) {
		this.context = new SpringApplicationBuilder(configuration).web(WebApplicationType.SERVLET)
			.properties(properties)
			.properties("server.port=0", "management.tracing.sampling.probability=1.0",
					"spring.main.allow-circular-references=false",
					"spring.autoconfigure.exclude=" + String.join(",", SECURITY))
			.run();
	}

	private JobDispatcher jobs() {
		return this.context.getBean(JobDispatcher.class);
	}

	private Traced traced() {
		return this.context.getBean(Traced.class);
	}

	private RecordingJobBackend recorded() {
		return this.context.getBean(RecordingJobBackend.class);
	}

	private MutableClock clock() {
		return this.context.getBean(MutableClock.class);
	}

	private String encoded(JobMessage message) {
		return this.context.getBean(JobMessageCodec.class).encode(message).text();
	}

	private Settlement deliver(JobMessage message) {
		byte[] body = this.context.getBean(JobMessageCodec.class).encode(message).bytes();
		return this.context.getBean(DeliveryProcessor.class).process(Delivery.pulled(body, "recorded", true, 0));
	}

	// Returns the id of the trace.
	private String inSpan(Runnable action) {
		ScopedSpan span = this.context.getBean(Tracer.class).startScopedSpan("caller");
		try {
			action.run();
			return span.context().traceId();
		}
		finally {
			span.end();
		}
	}

	private HttpResponse<String> post(String path, String body, String type) throws IOException, InterruptedException {
		String port = this.context.getEnvironment().getProperty("local.server.port");
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
			.header("Content-Type", type)
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
	}

	private List<SpanData> awaitSpans(int count) {
		InMemorySpanExporter exporter = this.context.getBean(Spans.class).exporter();
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> exporter.getFinishedSpanItems().size() >= count);
		return exporter.getFinishedSpanItems();
	}

	private static Set<String> traces(List<SpanData> spans) {
		return spans.stream().map(SpanData::getTraceId).collect(Collectors.toSet());
	}

	private static SpanData only(List<SpanData> spans, String name) {
		List<SpanData> found = spans.stream().filter((span) -> span.getName().equals(name)).toList();
		assertThat(found).as("spans named '%s' of %s", name, spans).hasSize(1);
		return found.get(0);
	}

	private static String attribute(SpanData span, String key) {
		return String.valueOf(span.getAttributes().get(AttributeKey.stringKey(key)));
	}

	private record Spans(InMemorySpanExporter exporter) {
	}

	static class Traced {

		private final AtomicInteger runs = new AtomicInteger();

		private final JobDispatcher jobs;

		volatile String mdcTrace = "";

		Traced(JobDispatcher jobs) {
			this.jobs = jobs;
		}

		@BackgroundJob
		void succeed() {
			this.mdcTrace = String.valueOf(MDC.get("traceId"));
			assertThat(MDC.get("jobId")).isEqualTo(JobContext.current().id());
			assertThat(MDC.get("job")).isEqualTo("traced.succeed");
		}

		@BackgroundJob(backoff = @Backoff(delay = "20ms"))
		void failOnce() {
			if (this.runs.incrementAndGet() == 1) {
				throw new IllegalStateException("once");
			}
		}

		@BackgroundJob
		void enqueueAnother() {
			this.jobs.enqueue(Traced::succeed);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Base {

		@Bean
		Spans spans() {
			return new Spans(InMemorySpanExporter.create());
		}

		// At once, and not also in the batches of every exporter that is a bean.
		@Bean
		SpanProcessor exportAtOnce(Spans spans) {
			return SimpleSpanProcessor.create(spans.exporter());
		}

		@Bean
		Traced traced(JobDispatcher jobs) {
			return new Traced(jobs);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Orders extends Base {

		@RestController
		static class Controller {

			private final JobDispatcher jobs;

			Controller(JobDispatcher jobs) {
				this.jobs = jobs;
			}

			@PostMapping("/orders")
			String order() {
				return this.jobs.enqueue(Traced::failOnce).id();
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Recorded extends Base {

		@Bean
		RecordingJobBackend recorded() {
			return new RecordingJobBackend("recorded",
					BackendCapabilities.none().withDurable().withMaxDelay(Duration.ofMinutes(10)));
		}

		@Bean
		MutableClock clock() {
			return new MutableClock(NOW);
		}

	}

}
