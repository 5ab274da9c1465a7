package dev.backgroundjobs.cloudtasks.emulator;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a push heard.
 *
 * @param status 0 when there was no answer
 * @param retryAfter what the answer asked for
 * @param problem why there was no answer
 */
record Answer(int status, @Nullable Duration retryAfter, String problem) {

	boolean isSuccess() {
		return this.status >= 200 && this.status < 300;
	}

	boolean isThrottling() {
		return this.status == 429 || this.status == 503;
	}

	@Override
	public String toString() {
		return (this.status > 0) ? Integer.toString(this.status) : "no answer (" + this.problem + ")";
	}

}
