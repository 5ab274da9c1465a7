package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DeliveryRequest} over the servlet API.
 */
final class ServletDeliveryRequest implements DeliveryRequest {

	private static final List<String> FORWARDED = List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host",
			"X-Forwarded-Proto", "X-Real-IP", "Via");

	// Set by Tomcat's RemoteIpValve, which takes the headers away.
	private static final String TOMCAT_FORWARDED = "org.apache.tomcat.request.forwarded";

	private final HttpServletRequest request;

	ServletDeliveryRequest(HttpServletRequest request) {
		this.request = request;
	}

	@Override
	public String method() {
		return this.request.getMethod();
	}

	@Override
	public String path() {
		String rest = this.request.getPathInfo();
		return this.request.getServletPath() + ((rest != null) ? rest : "");
	}

	@Override
	public @Nullable String header(String name) {
		return this.request.getHeader(name);
	}

	@Override
	public List<String> headers(String name) {
		return Collections.list(this.request.getHeaders(name));
	}

	@Override
	public Map<String, String> headers() {
		Map<String, String> headers = new LinkedHashMap<>();
		for (String name : Collections.list(this.request.getHeaderNames())) {
			headers.put(name, this.request.getHeader(name));
		}
		return headers;
	}

	@Override
	public String remoteAddress() {
		return original().getRemoteAddr();
	}

	@Override
	public boolean isLoopback() {
		HttpServletRequest original = original();
		if (FORWARDED.stream().anyMatch((name) -> original.getHeader(name) != null)
				|| original.getAttribute(TOMCAT_FORWARDED) != null) {
			return false;
		}
		try {
			return InetAddress.getByName(original.getRemoteAddr()).isLoopbackAddress();
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	long contentLength() {
		return this.request.getContentLengthLong();
	}

	/**
	 * Read the body.
	 * @return the body, or {@code null} when it is longer than the limit
	 */
	byte @Nullable [] body(int max) throws IOException {
		byte[] body = this.request.getInputStream().readNBytes(max + 1);
		return (body.length > max) ? null : body;
	}

	// A filter before ours may show the address that a header claims.
	private HttpServletRequest original() {
		ServletRequest current = this.request;
		while (current instanceof ServletRequestWrapper wrapper) {
			current = wrapper.getRequest();
		}
		return (current instanceof HttpServletRequest http) ? http : this.request;
	}

}
