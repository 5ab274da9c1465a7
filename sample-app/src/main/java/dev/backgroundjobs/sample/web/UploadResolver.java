package dev.backgroundjobs.sample.web;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.stereotype.Component;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.multipart.support.StandardServletMultipartResolver;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Refuses what is too large for its address before it is written to the disk. The server
 * itself knows one limit for all.
 */
@Component(DispatcherServlet.MULTIPART_RESOLVER_BEAN_NAME)
class UploadResolver extends StandardServletMultipartResolver {

	@Override
	public MultipartHttpServletRequest resolveMultipart(HttpServletRequest request) {
		UploadLimit.of(request).check(request);
		return super.resolveMultipart(request);
	}

}
