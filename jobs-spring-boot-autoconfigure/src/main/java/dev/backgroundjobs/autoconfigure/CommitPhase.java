package dev.backgroundjobs.autoconfigure;

import java.util.function.BooleanSupplier;

/**
 * Tells a backend that runs jobs in the process whether a message comes with the commit
 * of a transaction that is still bound to the thread.
 */
public final class CommitPhase implements BooleanSupplier {

	private final BooleanSupplier hasTransaction;

	CommitPhase(BooleanSupplier hasTransaction) {
		this.hasTransaction = hasTransaction;
	}

	@Override
	public boolean getAsBoolean() {
		return this.hasTransaction.getAsBoolean();
	}

}
