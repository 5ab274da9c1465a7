package dev.backgroundjobs.crash.application;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryMeters;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.DeliveryResponder;
import dev.backgroundjobs.delivery.ProcessorSettings;
import dev.backgroundjobs.dispatch.MessageSender;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.event.EventMessages;
import dev.backgroundjobs.execution.JobExecutor;
import dev.backgroundjobs.message.JobMessageCodec;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Answers deliveries before the library does, in a way that breaks the rules. Does
 * nothing unless it is told to.
 */
final class BrokenEndpoint implements Filter {

	private final ExecutorService background = Executors.newCachedThreadPool((action) -> {
		Thread thread = new Thread(action, "broken");
		thread.setDaemon(true);
		return thread;
	});

	private final Recorder recorder;

	private final DeliveryProcessor processor;

	private final Supplier<DeliveryProcessor> freshProcessor;

	private volatile Breakage breakage = Breakage.NONE;

	BrokenEndpoint(Recorder recorder, DeliveryProcessor processor, JobMessageCodec codec, Supplier<JobDefinitions> jobs,
			EventMessages eventMessages, JobExecutor executor, MessageSender sender, QueueRouter router, ApplicationEventPublisher events) {
		this.recorder = recorder;
		this.processor = processor;
		// One that has run nothing yet knows of no key.
		this.freshProcessor = () -> new DeliveryProcessor(codec, jobs, eventMessages, executor, sender, router, events,
				ProcessorSettings.DEFAULTS, DeliveryMeters.NONE, Clock.systemUTC());
	}

	void use(Breakage breakage) {
		this.breakage = breakage;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		HttpServletResponse http = (HttpServletResponse) response;
		if (this.breakage == Breakage.ACKNOWLEDGES_FIRST) {
			byte[] body = request.getInputStream().readAllBytes();
			this.background.execute(() -> process(this.processor, body));
			http.setStatus(204);
		}
		else if (this.breakage == Breakage.CLAIMS_NOTHING) {
			byte[] body = request.getInputStream().readAllBytes();
			http.setStatus(process(this.freshProcessor.get(), body));
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private int process(DeliveryProcessor processor, byte[] body) {
		this.recorder.lookAt(body);
		return DeliveryResponder.plain()
			.respond(List.of(processor.process(Delivery.pushed(body, false, 0, null))))
			.status();
	}

}
