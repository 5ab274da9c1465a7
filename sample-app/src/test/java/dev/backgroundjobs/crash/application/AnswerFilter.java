package dev.backgroundjobs.crash.application;

import java.io.IOException;
import java.io.UncheckedIOException;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Dies around the answer that acknowledges a delivery.
 */
final class AnswerFilter implements Filter {

	private final CrashSwitch crash;

	AnswerFilter(CrashSwitch crash) {
		this.crash = crash;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		chain.doFilter(request, response);
		if (((HttpServletResponse) response).getStatus() == 204) {
			this.crash.at(CrashPoint.BEFORE_ANSWER);
			this.crash.at(CrashPoint.AFTER_ANSWER, () -> flush(response));
		}
	}

	private static void flush(ServletResponse response) {
		try {
			response.flushBuffer();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
