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
		// Redirects are followed, and platforms do not agree on 205 and the like.
		boolean known = status == 200 || status == 202 || status == 204 || (status >= 400 && status < 600);
		if (!known) {
			throw new IllegalArgumentException(
					"Status " + status + " is not understood alike by all platforms: give 200, 202, 204 or 400 to 599");
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
