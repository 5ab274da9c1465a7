package dev.backgroundjobs.sample.imports;

import javax.sql.DataSource;

import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.stereotype.Component;

/**
 * Has H2 write down what is committed. By itself it does so within half a second, which
 * is what makes a transaction for each row cheap. A process that is killed in between
 * forgets rows: it does no harm while the message that repeats them is there, so it must
 * be over before that message goes. Other databases have written when they commit.
 */
@Component
public class H2Checkpoint {

	private final JdbcClient database;

	private final boolean needed;

	H2Checkpoint(JdbcClient database, DataSource dataSource) throws MetaDataAccessException {
		this.database = database;
		String product = JdbcUtils.extractDatabaseMetaData(dataSource, (metaData) -> metaData.getDatabaseProductName());
		this.needed = DatabaseDriver.fromProductName(product) == DatabaseDriver.H2;
	}

	/**
	 * Write down what is committed, whichever process has the file.
	 */
	public void run() {
		if (this.needed) {
			this.database.sql("CHECKPOINT SYNC").update();
		}
	}

}
