package dev.backgroundjobs.delivery;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

import dev.backgroundjobs.execution.Lease;
import dev.backgroundjobs.message.JobMessage;
import io.cloudevents.CloudEvent;
import org.jspecify.annotations.Nullable;

/**
 * One arrival of a message or an event, with what the platform says about it.
 *
 * @param body the message as it came; empty where it never left the process, and for an
 * event
 * @param source what delivers: the backend's name, or {@code http}
 * @param traits what is true of it; not to be changed
 * @param redeliveries how often the platform has delivered it before, 0 when it does not
 * say
 * @param deadline when the platform gives it to somebody else, or {@code null}
 * @param lease the right to settle
 * @param message the message itself where it never left the process, so that nobody need
 * vouch for it, or {@code null}
 * @param event the event that came instead of a message, or {@code null}
 * @param part which of several tasks that got the same message this one is, or
 * {@code null} when it alone has it
 */
@SuppressWarnings("ArrayRecordComponent")
public record Delivery(byte[] body, String source, Set<Trait> traits, int redeliveries, @Nullable Instant deadline,
		Lease lease, @Nullable JobMessage message, @Nullable CloudEvent event, @Nullable Part part) {

	private static final byte[] NOTHING = {};

	/**
	 * Create a delivery.
	 */
	public Delivery {
		redeliveries = Math.max(0, redeliveries);
	}

	/**
	 * A delivery of a message that never left the process and is forgotten with it.
	 * @param message the message
	 * @param source the backend's name
	 * @param redeliveries how often it was delivered before
	 * @return the delivery
	 */
	public static Delivery inProcess(JobMessage message, String source, int redeliveries) {
		return new Delivery(NOTHING, source, EnumSet.of(Trait.TRUSTED), redeliveries, null, new Lease(), message, null,
				null);
	}

	/**
	 * A delivery that the application took from a queue itself.
	 * @param body the message
	 * @param source the backend's name
	 * @param isDurable whether the platform keeps the message until it is acknowledged
	 * @param redeliveries how often it was delivered before
	 * @return the delivery
	 */
	public static Delivery pulled(byte[] body, String source, boolean isDurable, int redeliveries) {
		Set<Trait> traits = isDurable ? EnumSet.of(Trait.TRUSTED, Trait.DURABLE) : EnumSet.of(Trait.TRUSTED);
		return new Delivery(body, source, traits, redeliveries, null, new Lease(), null, null, null);
	}

	/**
	 * A delivery that came over HTTP. The caller is taken for a platform that keeps the
	 * message until it is acknowledged.
	 * @param body the message
	 * @param isTrusted whether the caller is trusted
	 * @param redeliveries how often it was delivered before
	 * @param deadline when the caller gives up waiting, or {@code null}
	 * @return the delivery
	 */
	public static Delivery pushed(byte[] body, boolean isTrusted, int redeliveries, @Nullable Instant deadline) {
		Set<Trait> traits = EnumSet.of(Trait.DURABLE, Trait.PUSH);
		if (isTrusted) {
			traits.add(Trait.TRUSTED);
		}
		return new Delivery(body, "http", traits, redeliveries, deadline, new Lease(), null, null, null);
	}

	/**
	 * Return this delivery as that of an event, which nobody signs: the caller must be
	 * trusted.
	 * @param event the event
	 * @return the delivery
	 */
	public Delivery of(CloudEvent event) {
		return new Delivery(NOTHING, this.source, this.traits, this.redeliveries, this.deadline, this.lease, null,
				event, null);
	}

	/**
	 * Return this delivery with a deadline, the lease staying the same.
	 * @param deadline when the platform gives the message to somebody else: the run is
	 * stopped shortly before, and at that time the right to settle is lost
	 * @return the delivery
	 */
	public Delivery withDeadline(Instant deadline) {
		return new Delivery(this.body, this.source, this.traits, this.redeliveries, deadline, this.lease, this.message,
				this.event, this.part);
	}

	/**
	 * Return this delivery with another trait.
	 * @param trait what is true of it as well
	 * @return the delivery
	 */
	public Delivery with(Trait trait) {
		EnumSet<Trait> traits = EnumSet.copyOf(this.traits);
		traits.add(trait);
		return new Delivery(this.body, this.source, traits, this.redeliveries, this.deadline, this.lease, this.message,
				this.event, this.part);
	}

	/**
	 * Return this delivery with another number of redeliveries.
	 * @param redeliveries how often it was delivered before; less than 0 counts as 0
	 * @return the delivery
	 */
	public Delivery withRedeliveries(int redeliveries) {
		return new Delivery(this.body, this.source, this.traits, redeliveries, this.deadline, this.lease, this.message,
				this.event, this.part);
	}

	/**
	 * Return this delivery with another lease.
	 * @param lease the right to settle
	 * @return the delivery
	 */
	public Delivery with(Lease lease) {
		return new Delivery(this.body, this.source, this.traits, this.redeliveries, this.deadline, lease, this.message,
				this.event, this.part);
	}

	/**
	 * Return this delivery as that of one of several tasks, each of which got the same
	 * message and makes its own part of it.
	 * @param part which of them
	 * @return the delivery
	 */
	public Delivery as(Part part) {
		return new Delivery(this.body, this.source, this.traits, this.redeliveries, this.deadline, this.lease,
				this.message, this.event, part);
	}

	/**
	 * Return whether something is true of this delivery.
	 * @param trait what
	 * @return whether it is
	 */
	public boolean is(Trait trait) {
		return this.traits.contains(trait);
	}

	/**
	 * Describe the delivery without the message.
	 */
	@Override
	public String toString() {
		return "Delivery[" + this.source + ", "
				+ ((this.event != null) ? "event " + this.event.getType() : this.body.length + " bytes") + "]";
	}

	/**
	 * Which of several tasks that got the same message a delivery is.
	 *
	 * @param index which, from 0
	 * @param count how many there are, more than {@code index}
	 */
	public record Part(int index, int count) {

		/**
		 * Create a part.
		 */
		public Part {
			if (index < 0 || index >= count) {
				throw new IllegalArgumentException("Part " + index + " of " + count + " does not exist");
			}
		}

	}

	/**
	 * What can be true of a delivery.
	 */
	public enum Trait {

		/** The caller is trusted; without it the message must be signed. */
		TRUSTED,

		/**
		 * The platform keeps the message until it is acknowledged, so that nothing of it
		 * may be handed to a backend that forgets.
		 */
		DURABLE,

		/** The platform pushes, so that it counts outages as redeliveries. */
		PUSH,

		/**
		 * A person has told the platform to deliver before the time, so that a message
		 * that is early is run.
		 */
		FORCED,

		/**
		 * The platform holds later messages of the same group back until this one is
		 * acknowledged, so that a failed attempt is released instead of replaced, and
		 * redeliveries count as attempts.
		 */
		ORDERED,

		/**
		 * The platform counts deliveries and keeps a message it gives up, so that one
		 * that is dead and has no other place is released.
		 */
		DEAD_LETTERED

	}

}
