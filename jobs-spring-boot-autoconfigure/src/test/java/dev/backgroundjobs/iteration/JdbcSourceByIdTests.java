package dev.backgroundjobs.iteration;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows by one column of whole numbers, which can be split.
 */
class JdbcSourceByIdTests extends SplittableSourceContract<String, KeyCursor> {

	private final JdbcDataSource dataSource = new JdbcDataSource();

	private Connection open;

	@BeforeEach
	void createTable() throws SQLException {
		this.dataSource.setUrl("jdbc:h2:mem:" + UUID.randomUUID());
		this.open = this.dataSource.getConnection();
		JdbcClient.create(this.dataSource).sql("create table item (id int primary key, name varchar(50))").update();
	}

	@AfterEach
	void dropTable() throws SQLException {
		this.open.close();
	}

	@Override
	SplittableSource<String, KeyCursor> source(int items) {
		JdbcClient client = JdbcClient.create(this.dataSource);
		client.sql("delete from item").update();
		for (int i = 0; i < items; i++) {
			client.sql("insert into item values (?, ?)").params(i * i, "item " + i).update();
		}
		return Sources.jdbc(client).select("name").from("item").key("id").pageSize(4).countTotal().map(String.class);
	}

}
