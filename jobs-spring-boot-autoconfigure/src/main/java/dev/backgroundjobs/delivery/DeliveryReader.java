package dev.backgroundjobs.delivery;

import java.time.Clock;
import java.util.List;

import io.cloudevents.CloudEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.backgroundjobs.delivery.Delivery.Trait;
import dev.backgroundjobs.delivery.ProcessorSettings.SigningRequired;
import dev.backgroundjobs.message.DecodedMessage;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.MessageNames;
import dev.backgroundjobs.message.UnreadableMessageException;
import dev.backgroundjobs.message.UntrustedMessageException;

/**
 * Finds out what a delivery brings, and refuses what nobody vouches for. Safe for use by
 * several threads.
 */
final class DeliveryReader {

	private static final Logger logger = LoggerFactory.getLogger(DeliveryReader.class);

	private final JobMessageCodec codec;

	private final FirstMessages firstMessages;

	private final ProcessorSettings settings;

	private final DeliveryMeters meters;

	private final UnsignedDeliveries unsigned;

	DeliveryReader(JobMessageCodec codec, FirstMessages firstMessages, ProcessorSettings settings,
			DeliveryMeters meters, Clock clock) {
		this.codec = codec;
		this.firstMessages = firstMessages;
		this.settings = settings;
		this.meters = meters;
		this.unsigned = new UnsignedDeliveries(clock);
	}

	ReadDelivery read(Delivery delivery) {
		CloudEvent event = delivery.event();
		if (event != null) {
			return read(delivery, event);
		}
		if (delivery.message() != null) {
			return ReadDelivery.of(new DecodedMessage(delivery.message(), false, false, false));
		}
		DecodedMessage decoded;
		try {
			decoded = part(delivery, this.codec.decode(delivery.body(), delivery.is(Trait.TRUSTED)));
		}
		catch (UntrustedMessageException ex) {
			this.meters.refused(ex.reason().tag());
			logger.warn("Refused a delivery from {}: {}", delivery.source(), ex.reason());
			return ReadDelivery.refused(Settlement.UNTRUSTED);
		}
		catch (UnreadableMessageException ex) {
			this.meters.refused("unreadable");
			logger.error("A delivery from {} is no message: it {}", delivery.source(), ex.getMessage());
			return ReadDelivery.refused(Settlement.UNREADABLE);
		}
		if (!decoded.isSigned() && !acceptUnsigned(decoded.message())) {
			return ReadDelivery.refused(Settlement.UNTRUSTED);
		}
		return ReadDelivery.of(decoded);
	}

	// Of several tasks that got the same message each has a part of it, but for those of
	// what replaced a part.
	private static DecodedMessage part(Delivery delivery, DecodedMessage decoded) {
		if (delivery.part() == null || decoded.message().parallel() != null) {
			return decoded;
		}
		return new DecodedMessage(Parts.of(decoded.message(), delivery.part()), decoded.isSigned(),
				decoded.isEncrypted(), decoded.isExpired());
	}

	private boolean acceptUnsigned(JobMessage message) {
		if (this.settings.signingRequired() == SigningRequired.TRUE) {
			this.meters.refused("unsigned");
			logger.warn("Refused {}: it is not signed, and 'jobs.signing.required' is true", message);
			return false;
		}
		if (this.settings.signingRequired() == SigningRequired.WARN) {
			this.meters.unsigned(message);
			this.unsigned.accepted(message);
		}
		return true;
	}

	// Of several jobs that an event starts each is enqueued, so that one that fails does
	// not run the others again; and so is one that has no time here. A repeat enqueues
	// the same messages.
	private ReadDelivery read(Delivery delivery, CloudEvent event) {
		if (!delivery.is(Trait.TRUSTED)) {
			this.meters.refused("untrusted-event");
			return ReadDelivery.refused(Settlement.UNTRUSTED);
		}
		List<JobMessage> messages;
		try {
			messages = this.firstMessages.of(event);
		}
		catch (UnreadableMessageException ex) {
			this.meters.refused("unreadable");
			logger.error("Event {} of type {} cannot be read: it {}", MessageNames.printable(event.getId()),
					MessageNames.printable(event.getType()), ex.getMessage());
			return ReadDelivery.refused(Settlement.UNREADABLE);
		}
		if (messages.isEmpty()) {
			return ReadDelivery
				.refused(this.firstMessages.unmatched(event) ? Settlement.UNMATCHED : Settlement.UNMATCHED_RELEASED);
		}
		if (messages.size() == 1 && !this.firstMessages.needsLonger(messages.get(0), delivery)) {
			return ReadDelivery.of(new DecodedMessage(messages.get(0), false, false, false));
		}
		return ReadDelivery.of(messages);
	}

}
