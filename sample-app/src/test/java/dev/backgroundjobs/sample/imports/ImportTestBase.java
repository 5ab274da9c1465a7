package dev.backgroundjobs.sample.imports;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.backgroundjobs.test.AutoConfigureJobsTester;
import dev.backgroundjobs.test.JobsTester;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

/**
 * What tests of imports without a server have in common.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE,
		properties = { "paperwork.storage=target/import-tests", "spring.datasource.url=jdbc:h2:mem:import-tests" })
@AutoConfigureJobsTester
abstract class ImportTestBase {

	static final String HEADER = "id,name,state\n";

	@Autowired
	Imports imports;

	@Autowired
	ImportStore store;

	@MockitoSpyBean
	ImportedRows rows;

	@Autowired
	JdbcClient database;

	@Autowired
	JobsTester jobs;

	// As a process that ends does, where nothing but the process keeps the message.
	void loseTheJob(Import waiting) {
		this.jobs.clear();
		this.database.sql("UPDATE csv_import SET durable = FALSE WHERE id = ?").param(waiting.id()).update();
		this.store.interruptAbandoned();
	}

	Import submit(String csv) throws Exception {
		return this.imports.submit("rows.csv", new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)));
	}

	Import now(Import earlier) {
		return this.imports.find(earlier.id()).orElseThrow();
	}

	List<Long> ids(Import of) {
		return this.rows.findAfter(of.id(), null, 1_000).stream().map(ImportedRow::id).toList();
	}

	long repeated(Import of) {
		return this.database.sql("SELECT repeated_rows FROM csv_import WHERE id = ?")
			.param(of.id())
			.query(Long.class)
			.single();
	}

	static String rows(int from, int to) {
		return HEADER + lines(from, to);
	}

	static String lines(int from, int to) {
		return IntStream.rangeClosed(from, to)
			.mapToObj((id) -> id + ",Name " + id + ",open\n")
			.collect(Collectors.joining());
	}

}
