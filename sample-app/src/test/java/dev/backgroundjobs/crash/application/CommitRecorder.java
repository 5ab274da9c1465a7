package dev.backgroundjobs.crash.application;

import dev.backgroundjobs.history.HistoryEvent.Type;
import dev.backgroundjobs.history.HistoryLog;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * A transaction manager of our own whose database is the history: a commit writes that
 * the job is owed whose id is the transaction's name.
 */
final class CommitRecorder extends AbstractPlatformTransactionManager {

	private static final long serialVersionUID = 1L;

	private final transient HistoryLog history;

	CommitRecorder(HistoryLog history) {
		this.history = history;
	}

	@Override
	protected Object doGetTransaction() {
		return new Object();
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
		this.history.write(Type.ACCEPTED, status.getTransactionName(), -1, 0, "", "committed");
	}

	@Override
	protected void doRollback(DefaultTransactionStatus status) {
	}

}
