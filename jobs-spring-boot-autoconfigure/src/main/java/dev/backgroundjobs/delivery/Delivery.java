package dev.backgroundjobs.delivery;

import java.time.Instant;

import dev.backgroundjobs.execution.Lease;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;

/**
 * One arrival of a message, with what the platform says about it.
 *
 * @param body the message as it came; empty where it never left the process
 * @param source what delivers: the backend's name, or {@code http}
 * @param isTrusted whether the caller is trusted; if not, the message must be signed
 * @param isDurable whether the platform keeps the message until it is acknowledged, so
 * that nothing of it may be handed to a backend that forgets
 * @param isPush whether the platform pushes, so that it counts outages as redeliveries
 * @param redeliveries how often the platform has delivered the message before, 0 when it
 * does not say
 * @param deadline when the platform gives the message to somebody else, or {@code null}
 * @param lease the right to settle
 * @param message the message itself where it never left the process, so that nobody need
 * vouch for it, or {@code null}
 * @param isForced whether a person has told the platform to deliver before the time, so
 * that a message that is early is run
 */
@SuppressWarnings("ArrayRecordComponent")
public record Delivery(byte[] body, String source, boolean isTrusted, boolean isDurable, boolean isPush,
		int redeliveries, @Nullable Instant deadline, Lease lease, @Nullable JobMessage message, boolean isForced) {

	private static final byte[] NOTHING = {};

	/**
	 * Create a delivery.
	 */
	public Delivery {
		redeliveries = Math.max(0, redeliveries);
	}

	/**
	 * Create a delivery of a message that came from elsewhere.
	 * @param body the message as it came
	 * @param source what delivers: the backend's name, or {@code http}
	 * @param isTrusted whether the caller is trusted
	 * @param isDurable whether the platform keeps the message until it is acknowledged
	 * @param isPush whether the platform pushes
	 * @param redeliveries how often the platform has delivered the message before
	 * @param deadline when the platform gives the message to somebody else, or
	 * {@code null}
	 * @param lease the right to settle
	 */
	public Delivery(byte[] body, String source, boolean isTrusted, boolean isDurable, boolean isPush, int redeliveries,
			@Nullable Instant deadline, Lease lease) {
		this(body, source, isTrusted, isDurable, isPush, redeliveries, deadline, lease, null, false);
	}

	/**
	 * A delivery of a message that never left the process and is forgotten with it.
	 * @param message the message
	 * @param source the backend's name
	 * @param redeliveries how often it was delivered before
	 * @return the delivery
	 */
	public static Delivery inProcess(JobMessage message, String source, int redeliveries) {
		return new Delivery(NOTHING, source, true, false, false, redeliveries, null, new Lease(), message, false);
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
		return new Delivery(body, source, true, isDurable, false, redeliveries, null, new Lease());
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
		return new Delivery(body, "http", isTrusted, true, true, redeliveries, deadline, new Lease());
	}

	/**
	 * Return this delivery with a deadline, the lease staying the same.
	 * @param deadline when the platform gives the message to somebody else: the run is
	 * stopped shortly before, and at that time the right to settle is lost
	 * @return the delivery
	 */
	public Delivery withDeadline(Instant deadline) {
		return new Delivery(this.body, this.source, this.isTrusted, this.isDurable, this.isPush, this.redeliveries,
				deadline, this.lease, this.message, this.isForced);
	}

	/**
	 * Return this delivery as one that a person has forced.
	 * @return the delivery
	 */
	public Delivery forced() {
		return new Delivery(this.body, this.source, this.isTrusted, this.isDurable, this.isPush, this.redeliveries,
				this.deadline, this.lease, this.message, true);
	}

	/**
	 * Describe the delivery without the message.
	 */
	@Override
	public String toString() {
		return "Delivery[" + this.source + ", " + this.body.length + " bytes]";
	}

}
