package dev.backgroundjobs.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;

/**
 * What is settled without a run: messages that crash what runs them, come early, belong
 * to another backend, name no job, or have expired. In this order.
 */
final class DeliveryRules {

	private static final Duration DAY = Duration.ofHours(24);

	private static final Duration EXPIRY_TOLERANCE = Duration.ofSeconds(2);

	private static final Duration DEFERRAL = Duration.ofSeconds(30);

	private final Settler settler;

	private final ProcessorSettings settings;

	private final Clock clock;

	DeliveryRules(Settler settler, ProcessorSettings settings, Clock clock) {
		this.settler = settler;
		this.settings = settings;
		this.clock = clock;
	}

	@Nullable Settlement apply(Delivery delivery, JobMessage message, boolean isExpired, @Nullable JobDefinition definition) {
		Instant now = this.clock.instant();
		if (isExpired) {
			return this.settler.dead(delivery, message, DeadReason.SIGNATURE_EXPIRED, null);
		}
		if (isRedeliveredTooOften(delivery, message, now)) {
			return this.settler.dead(delivery, message, DeadReason.REDELIVERED_TOO_OFTEN, null);
		}
		Instant runAt = message.runAt();
		if (runAt != null && !delivery.is(Trait.FORCED) && runAt.isAfter(now.plus(this.settings.earlyTolerance()))) {
			return this.settler.forward(delivery, message.successor().build());
		}
		if (message.relay()) {
			return this.settler.relay(delivery, message.successor().relay(false).build());
		}
		if (definition == null) {
			return unknown(delivery, message, now);
		}
		Instant expiresAt = message.expiresAt();
		if (expiresAt != null && !message.isBegun() && now.isAfter(expiresAt.plus(EXPIRY_TOLERANCE))) {
			return this.settler.expired(delivery, message);
		}
		return null;
	}

	// A message that kills whoever runs it, over and over. Platforms that push count
	// outages too, so there a day must have passed as well.
	private boolean isRedeliveredTooOften(Delivery delivery, JobMessage message, Instant now) {
		return delivery.redeliveries() >= this.settings.maxRedeliveries()
				&& (!delivery.is(Trait.PUSH) || isOlderThanADay(message, now));
	}

	// A rolling deployment must get through, so a job that is not known here waits.
	private Settlement unknown(Delivery delivery, JobMessage message, Instant now) {
		if (message.unknown() >= this.settings.maxDeferrals()) {
			return this.settler.dead(delivery, message, DeadReason.UNKNOWN_JOB, null);
		}
		Settlement settlement = this.settler.defer(delivery, message.successor().unknown(message.unknown() + 1).build(),
				now.plus(DEFERRAL));
		if (!settlement.isAcknowledged() && delivery.redeliveries() == 0 && isOlderThanADay(message, now)) {
			return this.settler.dead(delivery, message, DeadReason.UNKNOWN_JOB, null);
		}
		return settlement;
	}

	private static boolean isOlderThanADay(JobMessage message, Instant now) {
		Instant runAt = message.runAt();
		Instant since = (runAt != null && runAt.isAfter(message.enqueuedAt())) ? runAt : message.enqueuedAt();
		return since.isBefore(now.minus(DAY));
	}

}
