package dev.backgroundjobs.iteration;

import java.sql.Connection;
import java.sql.SQLException;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Knows how many connections are and were open.
 */
final class CountingDataSource extends DriverManagerDataSource {

	private final java.util.List<Connection> connections = new java.util.ArrayList<>();

	CountingDataSource(String url) {
		super(url);
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		this.connections.add(connection);
		return connection;
	}

	long open() throws SQLException {
		long open = 0;
		for (Connection connection : this.connections) {
			open += connection.isClosed() ? 0 : 1;
		}
		return open;
	}

	int opened() {
		return this.connections.size();
	}

}
