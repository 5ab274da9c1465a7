package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.backgroundjobs.InputCost;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.OnEvent;
import dev.backgroundjobs.RetryJobException;
import dev.backgroundjobs.definition.BackoffPolicy;
import dev.backgroundjobs.definition.JobDefaults;
import dev.backgroundjobs.definition.JobDefinitionScanner;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;
import dev.backgroundjobs.dispatch.MessageSender;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.dispatch.QueueSettings;
import dev.backgroundjobs.execution.DiscardedJobEvent;
import dev.backgroundjobs.execution.ExpiredJobEvent;
import dev.backgroundjobs.event.CloudEventModule;
import dev.backgroundjobs.event.EventMessages;
import dev.backgroundjobs.execution.ExecuteObserver;
import dev.backgroundjobs.execution.IterationSettings;
import dev.backgroundjobs.execution.JobExecutor;
import dev.backgroundjobs.execution.JobInvoker;
import dev.backgroundjobs.message.ArgumentCodec;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.KeyMaterial;
import dev.backgroundjobs.message.SigningKeys;
import io.cloudevents.CloudEvent;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.AfterEach;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever an accepted caller posts, the endpoint answers in its own words, and says that
 * the message is done with only when something has become of it.
 */
class EndpointFuzzTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-02T00:00:00Z"), ZoneOffset.UTC);

	// The answers there are: 503 only while shutting down, 500 never.
	private static final Set<String> ANSWERS = Set.of("204 ", "400 Not a message",
			"401 Neither an accepted caller nor an accepted signature", "404 Job not known here", "405 Only POST",
			"413 At most 1500000 bytes", "415 Only application/json and application/jose", "422 Deliver again");

	private static final Set<String> HEADERS = Set.of("Cache-Control", "Allow", "Content-Type", "Content-Length");

	private final CapturedLog log = new CapturedLog();

	@AfterEach
	void releaseTheLog() {
		this.log.close();
	}

	/**
	 * The input is a request as HTTP writes it: the method, a line for each header, an
	 * empty line, the body.
	 */
	@FuzzTest
	void answersWhateverIsPosted(byte[] input) {
		Exchange answered = InputCost.limited(input, () -> {
			this.log.clear();
			Exchange exchange = new Exchange();
			exchange.send(request(input));
			return exchange;
		});
		answered.assertAnswered();
		// No line of the log holds what a caller could make up lines with.
		assertThat(this.log.lines()).allSatisfy((line) -> assertThat(line).matches("[ -~]*"));
	}

	private static MockHttpServletRequest request(byte[] input) {
		int end = input.length;
		for (int i = 0; i + 1 < input.length && end == input.length; i++) {
			end = (input[i] == '\n' && input[i + 1] == '\n') ? i : end;
		}
		String[] head = new String(input, 0, end, StandardCharsets.ISO_8859_1).split("\n", -1);
		MockHttpServletRequest request = new MockHttpServletRequest(head[0], "/_jobs");
		for (int i = 1; i < head.length; i++) {
			int colon = head[i].indexOf(':');
			if (colon > 0) {
				request.addHeader(head[i].substring(0, colon), head[i].substring(colon + 1).strip());
			}
		}
		request.setContent(Arrays.copyOfRange(input, Math.min(end + 2, input.length), input.length));
		return request;
	}

	/**
	 * One request to an endpoint that has seen none before.
	 */
	private static final class Exchange {

		private final List<Object> events = new ArrayList<>();

		private final RecordingBackend backend = new RecordingBackend("platform", Pipe.CAPABLE);

		private final RecordingBackend stuck = new RecordingBackend("stuck",
				dev.backgroundjobs.backend.BackendCapabilities.none());

		private final MockHttpServletResponse response = new MockHttpServletResponse();

		private final JobDeliveryFilter filter;

		Exchange() {
			Application.runs.clear();
			QueueRouter router = new QueueRouter(List.of(this.backend, this.stuck), "platform", Map.of("kept",
					new QueueSettings(null, null, "graveyard"), "stuck", new QueueSettings("stuck", null, null)));
			DeliveryProcessor processor = new DeliveryProcessor(Application.CODEC, () -> Application.DEFINITIONS,
					new EventMessages(() -> Application.DEFINITIONS,
							new ArgumentCodec(JsonMapper.shared(), new CloudEventModule()), List.of(), false, CLOCK),
					new JobExecutor(Application.INVOKER, this.events::add, ExecuteObserver.NONE, null,
							IterationSettings.DEFAULTS, new ArgumentCodec(JsonMapper.shared()).cursors(), null, CLOCK),
					new MessageSender(router, CLOCK), router, this.events::add, ProcessorSettings.DEFAULTS,
					DeliveryMeters.NONE, CLOCK);
			JobDeliveryController controller = new JobDeliveryController(processor,
					new DeliveryBatch(processor, 1, Runnable::run, CLOCK), Application.CODEC,
					List.of((request) -> Decision.ACCEPT), List.of(new CloudEventDecoder()), null, DeliveryMeters.NONE,
					CLOCK);
			this.filter = new JobDeliveryFilter(() -> controller);
		}

		void send(MockHttpServletRequest request) {
			try {
				this.filter.doFilter(request, this.response, (passed, answer) -> {
					throw new AssertionError("passed on");
				});
			}
			catch (IOException | ServletException ex) {
				throw new AssertionError(ex);
			}
		}

		void assertAnswered() {
			String body = new String(this.response.getContentAsByteArray(), StandardCharsets.UTF_8);
			int status = this.response.getStatus();
			String title = body.replaceFirst("^\\{\"title\":\"([^\"]*)\",\"status\":" + status + "}$", "$1");
			assertThat(ANSWERS).contains(status + " " + title);
			assertThat(HEADERS).containsAll(this.response.getHeaderNames());
			boolean sent = !this.backend.sent.isEmpty() || !this.stuck.sent.isEmpty();
			this.backend.sent.forEach(Exchange::assertReadable);
			this.stuck.sent.forEach(Exchange::assertReadable);
			if (status == 204) {
				assertThat(!this.events.isEmpty() || sent || Application.runs.contains("echo"))
					.as("acknowledged for a reason")
					.isTrue();
			}
			else {
				assertThat(this.events).as("what is refused leaves no trace").isEmpty();
				assertThat(sent).as("what is refused is not sent on").isFalse();
				assertThat(Application.runs).as("what is refused has not ended well").doesNotContain("echo");
			}
			if (this.events.stream().anyMatch((event) -> event instanceof DiscardedJobEvent)) {
				assertThat(Application.runs).containsExactly("discard");
			}
			if (this.events.stream().anyMatch((event) -> event instanceof ExpiredJobEvent)) {
				assertThat(Application.runs).isEmpty();
			}
		}

		// Nobody counts to the billion that is the largest 'seq'.
		private static void assertReadable(JobMessage successor) {
			if (successor.seq() <= 1_000_000_000) {
				JobMessage read = Application.CODEC.decode(Application.CODEC.encode(successor).bytes(), true).message();
				assertThat(read.deliveryKey()).isEqualTo(successor.deliveryKey());
			}
		}

	}

	/**
	 * What is the same for all requests.
	 */
	private static final class Application {

		static final List<String> runs = new ArrayList<>();

		static final JobMessageCodec CODEC = new JobMessageCodec(new SigningKeys("k1",
				Map.of("k1", KeyMaterial.of(TestKeys.secret("k1"))), "paperwork", Duration.ofDays(32)), CLOCK);

		static final JobDefinitions DEFINITIONS;

		static final JobInvoker INVOKER;

		static {
			DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
			beans.registerSingleton("stub", new Stub());
			DEFINITIONS = new JobDefinitionScanner(beans,
					new JobDefaults(5, new BackoffPolicy(Duration.ofSeconds(3), 2, Duration.ofHours(1), 0.15)))
				.scan();
			INVOKER = new JobInvoker(beans, new ArgumentCodec(JsonMapper.builder().build(), new CloudEventModule()),
					List.of());
		}

	}

	static class Stub {

		@BackgroundJob
		void echo(String text) {
			Application.runs.add("echo");
		}

		@BackgroundJob
		@OnEvent(type = "echo.*")
		void event(CloudEvent event) {
			Application.runs.add("echo");
		}

		@BackgroundJob
		@OnEvent(type = "text", subject = "objects/**/*.docx")
		void text(String text) {
			Application.runs.add("echo");
		}

		@BackgroundJob
		void fail(String text) {
			Application.runs.add("fail");
			throw new IllegalStateException(text);
		}

		@BackgroundJob
		void discard(String text) {
			Application.runs.add("discard");
			throw new DiscardJobException("not wanted");
		}

		@BackgroundJob
		void again(long seconds) {
			Application.runs.add("again");
			throw new RetryJobException("later", Duration.ofSeconds(seconds));
		}

	}

}
