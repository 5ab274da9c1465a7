package dev.backgroundjobs.execution;

import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Refuses to begin or end a slice within a transaction: what its items did may still be
 * rolled back, and the next slice would go on after them.
 */
final class TransactionCheck {

	private static final boolean HAS_TRANSACTIONS = ClassUtils.isPresent(
			"org.springframework.transaction.support.TransactionSynchronizationManager",
			TransactionCheck.class.getClassLoader());

	private TransactionCheck() {
	}

	static void refuseOpen(String where) {
		if (HAS_TRANSACTIONS && TransactionSynchronizationManager.isActualTransactionActive()) {
			throw new IllegalStateException("A transaction is open " + where
					+ ", which may roll back what is counted as done: let each item have its own, "
					+ "as a @Transactional method of another bean has, and none around the whole job");
		}
	}

}
