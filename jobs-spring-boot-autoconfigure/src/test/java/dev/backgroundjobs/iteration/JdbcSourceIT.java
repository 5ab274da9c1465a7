package dev.backgroundjobs.iteration;

import java.io.IOException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The same contract on PostgreSQL, with types and plans of its own.
 */
class JdbcSourceIT extends SplittableSourceContract<Long, KeyCursor> {

	private static EmbeddedPostgres postgres;

	private final TimeZone zone = TimeZone.getDefault();

	private JdbcClient client;

	@BeforeAll
	static void startDatabase() throws IOException {
		postgres = EmbeddedPostgres.builder().start();
	}

	@AfterAll
	static void stopDatabase() throws IOException {
		postgres.close();
	}

	@BeforeEach
	void createTable() {
		TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
		this.client = JdbcClient.create(postgres.getPostgresDatabase());
		this.client.sql("drop table if exists product").update();
		this.client
			.sql("create table product (id bigint primary key, code uuid not null, created_at timestamp not null, "
					+ "changed_at timestamptz not null, weight real not null, price numeric(9, 2))")
			.update();
		this.client.sql("create index product_created on product (created_at, id)").update();
		this.client.sql("create index product_changed on product (changed_at, id)").update();
	}

	@AfterEach
	void resetZone() {
		TimeZone.setDefault(this.zone);
	}

	@Override
	SplittableSource<Long, KeyCursor> source(int items) {
		fill(items);
		return products().key("id").countTotal().map(Long.class);
	}

	// Five rows have the same times, a microsecond after the others.
	private void fill(int items) {
		this.client.sql("delete from product").update();
		this.client
			.sql("insert into product select i, ('00000000-0000-0000-0000-' || lpad(to_hex(i), 12, '0'))::uuid, "
					+ "timestamp '2027-04-04 02:30:00' + i / 5 * interval '1 microsecond', "
					+ "timestamptz '2027-04-03 14:30:00Z' + i / 5 * interval '1 microsecond', i / 10.0, i "
					+ "from generate_series(0, :last) as i")
			.param("last", items - 1)
			.update();
	}

	private JdbcQuery products() {
		return Sources.jdbc(this.client)
			.select("id")
			.from("product")
			.where("id >= :least")
			.param("least", 0)
			.pageSize(4);
	}

	@Test
	void keepsEveryTypeOfKey() throws Exception {
		fill(12);
		List<Long> all = Walks.all(products().key("id").map(Long.class));
		String view = "(select product.*, cast(created_at as date) as created_on, cast(id as text) as id_text from product) p";
		for (String key : List.of("code", "created_at", "changed_at", "weight", "price", "created_on", "id_text")) {
			CursorSource<Long, KeyCursor> source = products().from(view).key(key, "id").map(Long.class);
			List<Long> ordered = Walks.all(source);
			assertThat(ordered).as(key).containsExactlyInAnyOrderElementsOf(all);
			for (int i = 1; i < ordered.size(); i++) {
				assertThat(Walks.after(source, Walks.cursor(source, i))).as("%s after %d", key, i)
					.isEqualTo(ordered.subList(i, ordered.size()));
			}
		}
	}

	@Test
	void keepsTimesWhateverTheZoneOfMachineAndSession() throws Exception {
		fill(12);
		JdbcQuery query = products().key("created_at", "changed_at", "id");
		KeyCursor cursor = Walks.cursor(query.map(Long.class), 6);
		assertThat(cursor.values()).containsEntry("created_at", LocalDateTime.parse("2027-04-04T02:30:00.000001"))
			.containsEntry("changed_at", OffsetDateTime.of(2027, 4, 3, 14, 30, 0, 1_000, ZoneOffset.UTC));
		TimeZone.setDefault(TimeZone.getTimeZone("America/St_Johns"));
		assertThat(Walks.after(query.map(Long.class), cursor)).containsExactly(6L, 7L, 8L, 9L, 10L, 11L);
	}

	@Test
	void readsAPageByTheIndexAndNoMoreRowsThanAPage() throws Exception {
		fill(50_000);
		this.client.sql("analyze product").update();
		for (String column : List.of("created_at", "changed_at")) {
			KeyCursor far = Walks.cursor(products().pageSize(10_000).key(column, "id").map(Long.class), 49_000);
			List<String> plan = plan(column, far);
			assertThat(plan.get(0)).startsWith("Limit").contains("rows=4 ");
			assertThat(plan).as("%s", plan)
				.anyMatch((line) -> line.contains("Index") && line.contains("Scan using product_"))
				.anyMatch((line) -> line.contains("Index Cond") && line.contains(column + " >="))
				.noneMatch((line) -> line.contains("Sort") || line.contains("Seq Scan"))
				.noneMatch((line) -> line.contains("Rows Removed by Filter")
						&& Integer.parseInt(line.replaceAll("\\D", "")) > 5);
		}
	}

	private List<String> plan(String column, KeyCursor after) throws Exception {
		List<String> statements = new ArrayList<>();
		JdbcClient recording = (sql) -> {
			statements.add(sql);
			return this.client.sql(sql);
		};
		CursorSource<Long, KeyCursor> source = Sources.jdbc(recording)
			.select("id")
			.from("product")
			.key(column, "id")
			.pageSize(4)
			.map(Long.class);
		try (CursorIterator<Long, KeyCursor> items = source.iterate(after)) {
			assertThat(items.hasNext()).isTrue();
		}
		assertThat(statements).hasSize(1);
		return this.client.sql("explain (analyze, timing off) " + statements.get(0))
			.params(new JdbcKeys(List.of(column, "id"), false).parameters("jobs_key_after_", after))
			.query(String.class)
			.list();
	}

	@Test
	void refusesNullKeysAndCodesThatCannotBeCut() {
		fill(12);
		this.client.sql("update product set price = null where id = 11").update();
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(products().key("price", "id").map(Long.class)))
			.withMessageStartingWith("Key 'price' is null in a row");
		assertThatIllegalStateException().isThrownBy(() -> products().key("code").map(UUID.class).split(2))
			.withMessageContaining("'code'");
	}

}
