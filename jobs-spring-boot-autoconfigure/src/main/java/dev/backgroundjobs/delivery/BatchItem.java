package dev.backgroundjobs.delivery;

import org.jspecify.annotations.Nullable;

/**
 * One of the messages of a batch. Guarded by its {@link BatchRun}.
 */
final class BatchItem {

	private final Delivery delivery;

	private final ReadDelivery read;

	private boolean started;

	private @Nullable Settlement settlement;

	BatchItem(Delivery delivery, ReadDelivery read) {
		this.delivery = delivery;
		this.read = read;
	}

	Delivery delivery() {
		return this.delivery;
	}

	ReadDelivery read() {
		return this.read;
	}

	String key() {
		return this.read.key();
	}

	void start() {
		this.started = true;
	}

	boolean isStarted() {
		return this.started;
	}

	/**
	 * Settle the item, unless it is settled.
	 */
	void settle(Settlement settlement) {
		if (this.settlement == null) {
			this.settlement = settlement;
		}
	}

	boolean isSettled() {
		return this.settlement != null;
	}

	Settlement settlement() {
		return (this.settlement != null) ? this.settlement : Settlement.RELEASED;
	}

}
