package dev.backgroundjobs.iteration;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;

import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class JdbcSourceTests extends SourceContract<JdbcSourceTests.Product, KeyCursor> {

	private final TimeZone zone = TimeZone.getDefault();

	private Connection open;

	private JdbcClient client;

	@BeforeEach
	void createTable() throws SQLException {
		// Far from the database's sessions, and with a change of the clock.
		TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setUrl("jdbc:h2:mem:" + UUID.randomUUID());
		this.open = dataSource.getConnection();
		this.client = JdbcClient.create(dataSource);
		this.client.sql("create table product (id bigint primary key, shop varchar(20), name varchar(50) not null, "
				+ "created_at timestamp(9) not null, changed_at timestamp(9) with time zone not null, price decimal(9, 2))")
			.update();
	}

	@AfterEach
	void dropTable() throws SQLException {
		this.open.close();
		TimeZone.setDefault(this.zone);
	}

	// Five rows have the same time.
	@Override
	CursorSource<Product, KeyCursor> source(int items) {
		this.client.sql("delete from product").update();
		for (int i = 0; i < items; i++) {
			insert(i, "2027-04-04T02:30:00.12345678" + i / 5);
		}
		return products().key("created_at", "id").countTotal().map(Product.class);
	}

	private void insert(long id, String time) {
		this.client.sql("insert into product values (?, 'a', ?, ?, ?, 1.50)")
			.params(id, "product " + id, LocalDateTime.parse(time), OffsetDateTime.parse(time + "+13:00"))
			.update();
	}

	private JdbcQuery products() {
		return Sources.jdbc(this.client)
			.select("id, name")
			.from("product")
			.where("shop = :shop or shop = 'b'")
			.param("shop", "a")
			.pageSize(3);
	}

	private List<Long> ids(CursorSource<Long, KeyCursor> source) throws Exception {
		return Walks.all(source);
	}

	@Test
	void keepsTimesWithAllTheirDigitsWhateverTheZoneOfTheMachine() throws Exception {
		// 02:30 comes twice on this day in Auckland.
		for (int i = 0; i < 9; i++) {
			insert(i, "2027-04-04T02:30:00.00000000" + i);
		}
		CursorSource<Long, KeyCursor> source = products().key("created_at", "changed_at").map(Long.class);
		KeyCursor cursor = Walks.cursor(source, 4);
		assertThat(cursor.values()).containsEntry("created_at", LocalDateTime.parse("2027-04-04T02:30:00.000000003"))
			.containsEntry("changed_at", OffsetDateTime.parse("2027-04-04T02:30:00.000000003+13:00"));
		TimeZone.setDefault(TimeZone.getTimeZone("America/St_Johns"));
		assertThat(Walks.after(source, cursor)).containsExactly(4L, 5L, 6L, 7L, 8L);
	}

	@Test
	void goesDownwards() throws Exception {
		source(7);
		SplittableSource<Long, KeyCursor> source = products().key("created_at", "id").descending().map(Long.class);
		assertThat(ids(source)).containsExactly(6L, 5L, 4L, 3L, 2L, 1L, 0L);
		assertThat(Walks.after(source, Walks.cursor(source, 4))).containsExactly(2L, 1L, 0L);
		assertThat(ids(source.range(Walks.cursor(source, 1), Walks.cursor(source, 4)))).containsExactly(5L, 4L, 3L);
	}

	@Test
	void splitsByAColumnOfWholeNumbersInBothDirections() throws Exception {
		source(10);
		for (JdbcQuery query : List.of(products().key("id"), products().key("id").descending())) {
			SplittableSource<Long, KeyCursor> source = query.countTotal().map(Long.class);
			List<KeyCursor> ends = source.split(3);
			assertThat(ends).hasSize(2);
			List<Long> found = new ArrayList<>(ids(source.range(null, ends.get(0))));
			found.addAll(ids(source.range(ends.get(0), ends.get(1))));
			found.addAll(ids(source.range(ends.get(1), null)));
			assertThat(found).isEqualTo(ids(source)).hasSize(10);
			assertThat(source.range(ends.get(0), ends.get(1)).total()).isEqualTo(3);
		}
	}

	@Test
	void refusesToSplitByAnythingElse() {
		source(2);
		assertThatIllegalStateException().isThrownBy(() -> products().key("created_at", "id").map(Long.class).split(2))
			.withMessageStartingWith("Rows by key [created_at, id] cannot be cut into ranges");
		assertThatIllegalStateException().isThrownBy(() -> products().key("name").map(Long.class).split(2))
			.withMessageStartingWith("Rows by key 'name' cannot be cut into ranges: its values are not whole numbers");
	}

	@Test
	void aRowThatComesOrGoesMeanwhileMovesNoOther() throws Exception {
		source(8);
		CursorSource<Long, KeyCursor> source = products().key("id").map(Long.class);
		KeyCursor cursor = Walks.cursor(source, 4);
		this.client.sql("delete from product where id in (0, 3)").update();
		insert(-1, "2027-04-04T02:30:00");
		insert(100, "2027-04-04T02:30:00");
		assertThat(Walks.after(source, cursor)).containsExactly(4L, 5L, 6L, 7L, 100L);
	}

	@Test
	void refusesRowsWhoseKeyIsNullEvenThoseItWouldNeverSee() throws Exception {
		source(8);
		this.client.sql("update product set price = id").update();
		CursorSource<Long, KeyCursor> source = products().key("price").map(Long.class);
		assertThat(ids(source)).hasSize(8);
		this.client.sql("update product set price = null where id = 7").update();
		for (JdbcQuery query : List.of(products().key("price"), products().key("price").descending())) {
			assertThatIllegalStateException().isThrownBy(() -> Walks.all(query.map(Long.class)))
				.withMessageStartingWith("Key 'price' is null in a row.")
				.withMessageContaining("'price is not null'");
		}
	}

	@Test
	void refusesKeysThatAreNotUnique() {
		source(2);
		this.client.sql("update product set price = 1").update();
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(products().key("price").map(Long.class)))
			.withMessageStartingWith("Key {price=1.00} belongs to more than one item");
	}

	@Test
	void refusesACursorOfOtherKeys() throws Exception {
		source(2);
		KeyCursor cursor = Walks.cursor(products().key("id").map(Long.class), 1);
		assertThatIllegalStateException().isThrownBy(() -> Walks.after(products().key("name").map(Long.class), cursor))
			.withMessageStartingWith("The cursor has the keys [id], but the query is ordered by [name]");
	}

	@Test
	void mapsRowsInEveryWay() throws Exception {
		source(1);
		JdbcQuery query = products().key("product.id");
		assertThat(Walks.all(query.map(Product.class))).containsExactly(new Product(0, "product 0"));
		assertThat(Walks.all(query.map((row, number) -> number + row.getString("name")))).containsExactly("0product 0");
		assertThat(Walks.all(query.select("name").map(String.class))).containsExactly("product 0");
		assertThat(Walks.all(query.select("price").map(BigDecimal.class))).containsExactly(new BigDecimal("1.50"));
		assertThat(Walks.all(Sources.jdbc(this.client).from("product").key("id").map(Product.class))).hasSize(1);
		assertThatIllegalStateException().isThrownBy(() -> Walks.all(query.select("null").map(String.class)))
			.withMessageStartingWith("The first selected column is null");
	}

	@Test
	void takesTheLimitClauseOfOtherDatabases() throws Exception {
		source(7);
		assertThat(ids(products().key("id").limitClause("limit :limit").map(Long.class))).hasSize(7);
		assertThatIllegalArgumentException().isThrownBy(() -> products().limitClause("limit 10"))
			.withMessageContaining("has no ':limit'");
	}

	@Test
	void holdsNoConnectionBetweenPages() throws Exception {
		source(7);
		CountingDataSource counted = new CountingDataSource(this.open.getMetaData().getURL());
		CursorSource<Long, KeyCursor> source = Sources.jdbc(JdbcClient.create(counted))
			.from("product")
			.key("id")
			.pageSize(3)
			.map(Long.class);
		try (CursorIterator<Long, KeyCursor> items = source.iterate(null)) {
			for (int i = 0; i < 7; i++) {
				assertThat(items.hasNext()).isTrue();
				items.next();
				assertThat(counted.open()).isZero();
			}
			assertThat(items.hasNext()).isFalse();
		}
		assertThat(counted.opened()).isEqualTo(3);
	}

	@Test
	void refusesKeysThatAreNoNamesOfColumns() {
		for (String key : List.of("at desc", "dt, at", "lower(name)", "id ", "", "a..b", "a;b", "id--")) {
			assertThatIllegalArgumentException().as(key)
				.isThrownBy(() -> products().key("id", key))
				.withMessageStartingWith("Key '" + key + "' is not the name of a column")
				.withMessageContaining("for the greatest first call 'descending()'");
		}
		products().key("p.id", "\"created at\"", "shop.p.[a b]", "`x`", "gr\u00f6\u00dfe", "v$1#2");
	}

	@Test
	void takesQuotedKeys() throws Exception {
		source(3);
		assertThat(ids(products().key("product.\"ID\"").map(Long.class))).containsExactly(0L, 1L, 2L);
	}

	@Test
	void namesTheParameterThatHasNoValue() {
		JdbcQuery query = Sources.jdbc(this.client).from("product").key("id");
		assertThatIllegalStateException().isThrownBy(() -> query.where("id > :least").map(Long.class))
			.withMessage("The query has a parameter ':least' without a value: give it with 'param(\"least\", value)'; "
					+ "those given are []");
		assertThatIllegalStateException().isThrownBy(() -> query.where("id > :least").param("lest", 1).map(Long.class))
			.withMessageEndingWith("those given are [lest]");
		query.where("id > :least and name <> ':none' and id::text <> 'a'").param("least", null).map(Long.class);
	}

	@Test
	void refusesParametersWithoutNames() {
		JdbcQuery query = Sources.jdbc(this.client).from("product").key("id");
		for (String where : List.of("id > ?", "id > ? and name = :name", "name = 'it''s' and id > ?")) {
			assertThatIllegalStateException().as(where)
				.isThrownBy(() -> query.where(where).param("name", "a").map(Long.class))
				.withMessageStartingWith("The query has a parameter '?'")
				.withMessageContaining("name it, for example ':state', and give its value with 'param(");
		}
		for (String where : List.of("name = 'why?'", "name = 'it''s?' -- ?", "\"what?\" = 1 /* ? */",
				"tags ??| array['a']", "tags ?| array['a']")) {
			query.where(where).map(Long.class);
		}
	}

	@Test
	void refusesAQueryThatIsNotComplete() {
		assertThatNullPointerException().isThrownBy(() -> Sources.jdbc(null));
		assertThatIllegalStateException().isThrownBy(() -> Sources.jdbc(this.client).map(Long.class))
			.withMessage("The query has no table: name it with 'from'");
		assertThatIllegalStateException().isThrownBy(() -> Sources.jdbc(this.client).from("product").map(Long.class))
			.withMessageStartingWith("The query has no key");
		assertThatIllegalArgumentException().isThrownBy(() -> products().key());
		assertThatIllegalArgumentException().isThrownBy(() -> products().key("id", "id"))
			.withMessage("A key has one or more different columns, for example its id");
		assertThatIllegalArgumentException().isThrownBy(() -> products().pageSize(0));
		assertThatIllegalArgumentException().isThrownBy(() -> products().param("jobs_key_1", 1));
	}

	record Product(long id, String name) {

	}

}
