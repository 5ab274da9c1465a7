package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Supplier;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the endpoint's path itself and never calls the chain, so that it behaves the
 * same with Spring Security, without it, and without Spring MVC. Never sends an error,
 * which the container would dispatch to {@code /error}.
 */
public final class JobDeliveryFilter implements Filter {

	private static final Logger logger = LoggerFactory.getLogger(JobDeliveryFilter.class);

	private static final String ANSWER = JobDeliveryFilter.class.getName() + ".answer";

	private final Supplier<JobDeliveryController> controller;

	/**
	 * Create a filter.
	 * @param controller answers requests; asked for with the first one, since filters are
	 * created long before other beans
	 */
	public JobDeliveryFilter(Supplier<JobDeliveryController> controller) {
		this.controller = controller;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		HttpServletResponse http = (HttpServletResponse) response;
		if (request.getDispatcherType() == DispatcherType.ERROR) {
			if (request.getAttribute(ANSWER) instanceof DeliveryResponse answer) {
				write(http, answer);
			}
			else {
				chain.doFilter(request, response);
			}
			return;
		}
		DeliveryResponse answer;
		try {
			answer = Objects
				.requireNonNull(this.controller.get().handle(new ServletDeliveryRequest((HttpServletRequest) request)));
		}
		catch (IOException ex) {
			// The body ended early, or the client is gone. Tomcat sends an error of its
			// own
			// then and drops what is written here: the answer is given to that dispatch.
			answer = PlainDeliveryResponder.respond(Settlement.UNREADABLE);
			request.setAttribute(ANSWER, answer);
		}
		catch (RuntimeException | Error ex) {
			logger.error("A delivery could not be processed", ex);
			answer = PlainDeliveryResponder.problem(500, "Deliver again");
		}
		write(http, answer);
	}

	private static void write(HttpServletResponse response, DeliveryResponse answer) throws IOException {
		response.setStatus(answer.status());
		response.setHeader("Cache-Control", "no-store");
		if (answer.status() == 405) {
			response.setHeader("Allow", "POST");
		}
		if (answer.retryAfter() != null) {
			response.setHeader("Retry-After", String.valueOf(answer.retryAfter().toSeconds()));
		}
		String body = answer.body();
		if (body != null) {
			byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
			response.setContentType((answer.status() < 300) ? "application/json" : "application/problem+json");
			response.setContentLength(bytes.length);
			response.getOutputStream().write(bytes);
		}
	}

}
