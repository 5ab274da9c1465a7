package dev.backgroundjobs.delivery;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * An answer to a platform. Never holds anything of the request.
 *
 * @param status the status, never 3xx
 * @param body the body, JSON, or {@code null} for none
 * @param retryAfter the time after which to try again, or {@code null}
 */
public record DeliveryResponse(int status, @Nullable String body, @Nullable Duration retryAfter) {

	/**
	 * Create an answer.
	 */
	public DeliveryResponse {
		if (status < 200 || (status >= 300 && status < 400)) {
			throw new IllegalArgumentException("Status " + status + " would be followed or taken for success");
		}
	}

	/**
	 * An answer without a body.
	 * @param status the status
	 * @return the answer
	 */
	public static DeliveryResponse of(int status) {
		return new DeliveryResponse(status, null, null);
	}

}
