package dev.backgroundjobs.delivery;

import dev.backgroundjobs.message.UnreadableMessageException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the messages in a request. Decoders are asked in the order of {@code @Order};
 * where all say "not mine", the body is taken for one message. Safe for use by several
 * threads.
 */
public interface DeliveryDecoder {

	/**
	 * Find the messages in a request.
	 * @param request the request
	 * @param body the body; of a caller that is not trusted nothing may be read of it but
	 * a signature
	 * @param isTrusted whether the caller is trusted
	 * @return the messages, or {@code null} when the request is not this decoder's. A
	 * delivery's deadline is no later than {@code jobs.endpoint.request-timeout} allows
	 * @throws UnreadableMessageException when the request is this decoder's and cannot be
	 * read: answered with 400
	 */
	@Nullable DecodedRequest decode(DeliveryRequest request, byte[] body, boolean isTrusted);

	/**
	 * Return how many bytes this decoder would read of a trusted caller's request, asked
	 * before the body is read. A request that a decoder asks for may have any content
	 * type.
	 * @param request the request
	 * @return the largest body in bytes, or 0 when the headers do not say that the
	 * request is this decoder's: then it must have the form and size of a message
	 */
	default int maxBytes(DeliveryRequest request) {
		return 0;
	}

}
