package dev.backgroundjobs.adapter.google;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.backgroundjobs.delivery.DecodedRequest;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.delivery.DeliveryDecoder;
import dev.backgroundjobs.delivery.DeliveryRequest;
import dev.backgroundjobs.delivery.DeliveryResponder;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Cloud Tasks says about a delivery from its headers. Anybody can send them,
 * so they are believed only of a caller that is trusted, and kept within reason.
 */
public final class CloudTasksDeliveryDecoder implements DeliveryDecoder {

	/** Set on our tasks: the task's dispatch deadline, in milliseconds. */
	public static final String DEADLINE_HEADER = "Jobs-Dispatch-Deadline";

	// Cloud Tasks allows 15 s to 30 min, and takes 10 min where a task does not say.
	private static final Duration MIN_DEADLINE = Duration.ofSeconds(15);

	private static final Duration MAX_DEADLINE = Duration.ofMinutes(30);

	private static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(10);

	// Cloud Tasks keeps tasks for 31 days and tries at most once in 100 ms.
	private static final int MAX_REDELIVERIES = 1_000_000;

	private static final Duration EARLY = Duration.ofSeconds(2);

	private final Clock clock;

	CloudTasksDeliveryDecoder(Clock clock) {
		this.clock = clock;
	}

	@Override
	public @Nullable DecodedRequest decode(DeliveryRequest request, byte[] body, boolean isTrusted) {
		if (!isTrusted || request.header("X-CloudTasks-TaskName") == null) {
			return null;
		}
		Instant now = this.clock.instant();
		long retries = number(request.header("X-CloudTasks-TaskRetryCount"), 0, MAX_REDELIVERIES, 0);
		long deadline = number(request.header(DEADLINE_HEADER), MIN_DEADLINE.toMillis(), MAX_DEADLINE.toMillis(),
				DEFAULT_DEADLINE.toMillis());
		Delivery delivery = Delivery.pushed(body, true, (int) retries, now.plusMillis(deadline));
		if (isBeforeItsTime(request.header("X-CloudTasks-TaskETA"), now)) {
			delivery = delivery.with(Trait.FORCED);
		}
		return new DecodedRequest(List.of(delivery), DeliveryResponder.plain());
	}

	// Cloud Tasks delivers before a task's time only when a person has it run at once.
	private static boolean isBeforeItsTime(@Nullable String eta, Instant now) {
		try {
			return eta != null && eta.length() < 40
					&& new BigDecimal(eta).doubleValue() > now.plus(EARLY).toEpochMilli() / 1_000.0;
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

	private static long number(@Nullable String text, long min, long max, long otherwise) {
		if (text == null || !text.matches("[0-9]{1,9}")) {
			return otherwise;
		}
		return Math.max(min, Math.min(max, Long.parseLong(text)));
	}

}
