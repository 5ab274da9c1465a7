package dev.backgroundjobs.docs;

import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

import dev.backgroundjobs.iteration.CsvRow;
import dev.backgroundjobs.iteration.CursorSource;
import dev.backgroundjobs.iteration.KeyCursor;
import dev.backgroundjobs.iteration.Nested;
import dev.backgroundjobs.iteration.NestedCursor;
import dev.backgroundjobs.iteration.PageCursor;
import dev.backgroundjobs.iteration.ScrollCursor;
import dev.backgroundjobs.iteration.Sources;
import dev.backgroundjobs.iteration.SplittableSource;
import dev.backgroundjobs.iteration.TokenPage;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.FileSystemResource;
import org.springframework.data.domain.ScrollPosition;
import org.springframework.data.domain.Window;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

/**
 * The Java of the sources in docs/iteration.md.
 */
class IterationSourcesPage {

	CursorSource<String, Integer> countries() {
		return Sources.list(List.of("AT", "CH", "DE"));
	}

	CursorSource<Long, Long> numbers() {
		return Sources.range(1, 1_000_001);
	}

	CursorSource<Product, Long> byKey(ProductTable products) {
		return Sources.keyset(Long.class, (after) -> products.findNext500(after), Product::id);
	}

	SplittableSource<Product, Long> byKeyInRanges(ProductTable products) {
		return Sources.keyset(Long.class, (after, last) -> products.findNext500(after, last), Product::id,
				(count) -> products.findBoundaries(count));
	}

	CursorSource<Product, ScrollCursor> byWindow(ProductRepository repository) {
		return Sources.scroll((position) -> repository.findFirst500ByStateOrderById("open", position));
	}

	CursorSource<Product, KeyCursor> byQuery(JdbcClient client) {
		return Sources.jdbc(client)
			.select("id, name, price")
			.from("product")
			.where("state = :state")
			.param("state", "open")
			.key("created_at", "id")
			.pageSize(500)
			.countTotal()
			.map(Product.class);
	}

	CursorSource<Order, PageCursor> byToken(OrderService orders) {
		return Sources.pages((token) -> {
			OrderPage page = orders.list(token);
			return new TokenPage<>(page.orders(), page.nextPageToken());
		});
	}

	CursorSource<String, Long> lines(Path file) {
		return Sources.lines(new FileSystemResource(file)).maxLineSize(DataSize.ofMegabytes(4));
	}

	CursorSource<String, Long> lines(Bucket bucket, String name) {
		return Sources.lines((offset) -> bucket.read(name, offset)).length(() -> bucket.size(name));
	}

	CursorSource<CsvRow, Long> rows(Path file) {
		return Sources.csv(new FileSystemResource(file)).delimiter(';').charset(StandardCharsets.ISO_8859_1);
	}

	CursorSource<List<Long>, KeyCursor> batches(JdbcClient client) {
		return Sources.jdbc(client).select("id").from("product").key("id").map(Long.class).batches(100);
	}

	CursorSource<Nested<String, Long>, NestedCursor<Integer, Long>> nested() {
		return Sources.nested(shops(), Long.class, (shop) -> productsOf(shop));
	}

	CursorSource<Document, Long> documents(Archive archive) {
		return Sources.of(Long.class, (after) -> archive.documentsAfter(after), Document::number);
	}

	CursorSource<Booking, Long> bookings(JdbcClient client) {
		return Sources.stream(Long.class,
				(after) -> client.sql("select * from booking where number > ? order by number")
					.param((after != null) ? after : 0)
					.query(Booking.class)
					.stream(),
				Booking::number);
	}

	private CursorSource<String, Integer> shops() {
		return Sources.list(List.of("north", "south"));
	}

	private CursorSource<Long, Long> productsOf(String shop) {
		return Sources.range(0, shop.length());
	}

	record Product(long id, String name, BigDecimal price) {
	}

	record Order(String number) {
	}

	record OrderPage(List<Order> orders, @Nullable String nextPageToken) {
	}

	record Document(long number) {
	}

	record Booking(long number, BigDecimal amount) {
	}

	interface ProductTable {

		List<Product> findNext500(@Nullable Long after);

		List<Product> findNext500(@Nullable Long after, @Nullable Long last);

		List<Long> findBoundaries(int count);

	}

	interface ProductRepository {

		Window<Product> findFirst500ByStateOrderById(String state, ScrollPosition position);

	}

	interface OrderService {

		OrderPage list(@Nullable String token);

	}

	interface Bucket {

		InputStream read(String name, long offset);

		long size(String name);

	}

	interface Archive {

		Iterator<Document> documentsAfter(@Nullable Long number);

	}

}
