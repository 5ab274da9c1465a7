package dev.backgroundjobs.docs;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.JobProgress;
import dev.backgroundjobs.execution.DeadJobEvent;
import dev.backgroundjobs.execution.JobProgressEvent;
import dev.backgroundjobs.execution.JobProgressEvent.Phase;
import dev.backgroundjobs.iteration.CursorSource;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Sources;
import dev.backgroundjobs.iteration.Steps;
import dev.backgroundjobs.test.AutoConfigureJobsTester;
import dev.backgroundjobs.test.JobsTester;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The Java of docs/iteration.md, and that it does what the page says.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = "spring.datasource.url=jdbc:h2:mem:catalogue")
@AutoConfigureJobsTester
class IterationPageTests {

	@Autowired
	JobDispatcher dispatcher;

	@Autowired
	JobsTester jobs;

	@Autowired
	JdbcClient client;

	@Autowired
	Prices prices;

	@Autowired
	Progress progress;

	@Autowired
	Search search;

	@BeforeEach
	void fill() {
		this.client.sql("drop table if exists product").update();
		this.client.sql("create table product (id bigint primary key, name varchar(40), price decimal(9, 2))").update();
		for (int i = 1; i <= 5; i++) {
			this.client.sql("insert into product values (?, ?, ?)").params(i, "p" + i, i).update();
		}
		this.prices.applied.clear();
		this.search.said.clear();
		this.search.broken = 0;
	}

	@Test
	void theFirstExampleWalksTheTableOverInterruptions() {
		PriceList list = new PriceList("spring");
		this.jobs.nextRun(Catalogue::reprice).isInterruptedAfter(2);
		this.jobs.nextRun(Catalogue::reprice).isInterruptedAt(this.jobs.now().plusSeconds(90));
		this.jobs.nextRun(Catalogue::reprice).isInterruptedAfterEveryItem();
		this.dispatcher.enqueue(Catalogue::reprice, list);
		this.jobs.drain();
		assertThat(this.prices.applied).containsExactly("p1 spring", "p2 spring", "p3 spring", "p4 spring",
				"p5 spring");
		assertThat(this.progress.shown).last().isEqualTo("COMPLETED 5");
	}

	@Test
	void anIterationStartsInTheMiddle() {
		this.progress.resumeAfter(3L, this.dispatcher);
		this.jobs.drain();
		assertThat(this.search.said).contains("index p4", "index p5").doesNotContain("index p3");
	}

	@Test
	void aDeadIterationIsEnqueuedAgainWhereItStopped() {
		this.search.broken = 4;
		this.dispatcher.enqueue(Catalogue::index);
		this.jobs.drain();
		assertThat(this.jobs.deadJobs()).hasSize(1);
		this.search.broken = 0;
		this.search.said.clear();
		new Revive(this.dispatcher).revive(this.jobs.deadJobs().get(0));
		this.jobs.drain();
		assertThat(this.search.said).contains("index p4", "index p5").doesNotContain("index p3");
	}

	@Test
	void theCallbacksComeInTheirOrder() {
		this.dispatcher.enqueue(Catalogue::index);
		this.jobs.nextRun(Catalogue::index).isInterruptedAfter(4);
		this.jobs.drain();
		assertThat(this.search.said).containsExactly("create", "audit", "index p1", "audit", "index p2", "audit",
				"index p3", "audit", "index p4", "flush", "open", "audit", "index p5", "publish");
	}

	@Test
	void theStepsAreDoneInTheirOrder() {
		this.dispatcher.enqueue(Imports::load, new Upload("a.csv"));
		this.jobs.nextRun(Imports::load).isInterruptedAfterEveryItem();
		this.jobs.drain();
		assertThat(this.search.said).containsExactly("validate a.csv", "insert 1", "insert 2", "confirm a.csv");
	}

	@Test
	void thePartsCheckAllNumbers() {
		this.dispatcher.enqueue(Imports::check);
		this.jobs.drain();
		assertThat(this.search.checked).isEqualTo(1_000_000);
	}

	@Component
	static class Catalogue {

		private final JdbcClient client;

		private final Prices prices;

		private final Products products;

		private final Search search;

		private final Audit audit = new Audit();

		private final Calendar calendar = new Calendar();

		Catalogue(JdbcClient client, Prices prices, Search search) {
			this.client = client;
			this.prices = prices;
			this.products = new Products(client);
			this.search = search;
		}

		@BackgroundJob(queue = "maintenance")
		Iteration<Product> reprice(PriceList list) {
			return Iteration
				.over(Sources.jdbc(this.client).select("id, name, price").from("product").key("id").map(Product.class))
				.each((product) -> this.prices.apply(product, list));
		}

		@BackgroundJob
		Iteration<Product> index() {
			return Iteration.over(this.products.all())
				.each(this.search::index)
				.onStart(this.search::createIndex)
				.onResume(this.search::open)
				.onStop(this.search::flush)
				.onComplete(this.search::publishIndex)
				.around((product, action) -> this.audit.record(product, () -> action.accept(product)))
				.throttle(this.search::isBusy, Duration.ofSeconds(30))
				.throttle(this.calendar::isNight, Duration.ofHours(1))
				.continueOnItemFailure(100)
				.maxSlice(Duration.ofMinutes(2));
		}

		private final class Audit {

			void record(Product product, Work work) throws Exception {
				Catalogue.this.search.said.add("audit");
				work.run();
			}

		}

	}

	@Component
	static class Imports {

		private final Search files;

		private final Search rows;

		private final Search mails;

		private final Search numbers;

		Imports(Search search) {
			this.files = search;
			this.rows = search;
			this.mails = search;
			this.numbers = search;
		}

		@BackgroundJob(queue = "imports")
		Steps load(Upload upload) {
			return Steps.first("validate", () -> this.files.validate(upload))
				.then("process", Iteration.over(this.files.rows(upload)).each(this.rows::insert))
				.then("finish", () -> this.mails.confirm(upload));
		}

		@BackgroundJob
		Iteration<Long> check() {
			return Iteration.over(Sources.range(0, 1_000_000)).each(this.numbers::check).parallel(8);
		}

	}

	@Component
	static class Progress {

		final List<String> shown = new ArrayList<>();

		private final Progress page = this;

		@EventListener
		void follow(JobProgressEvent event) {
			JobProgress progress = event.progress();
			this.page.show(event.id(), event.phase(), progress.processed(), progress.total(), progress.rate(),
					progress.remaining());
		}

		void show(String id, Phase phase, long processed, @Nullable Long total, double rate,
				@Nullable Duration remaining) {
			this.shown.add(phase + " " + processed);
		}

		void resumeAfter(Long cursor, JobDispatcher dispatcher) {
			new Resume(dispatcher).resume(new Kept(cursor));
		}

	}

	record Kept(Long cursor) {
	}

	record Resume(JobDispatcher jobs) {

		void resume(Kept event) {
			this.jobs.with(JobOptions.none().startCursor(event.cursor())).enqueue(Catalogue::index);
		}

	}

	record Revive(JobDispatcher jobs) {

		@SuppressWarnings("NullAway")
		void revive(DeadJobEvent event) {
			JsonNode cursor = JsonMapper.shared().readTree(event.message().iteration().cursor());
			this.jobs.with(JobOptions.none().startCursor(cursor)).enqueue(Catalogue::index);
		}

	}

	record Products(JdbcClient client) {

		CursorSource<Product, Long> all() {
			return Sources.keyset(Long.class,
					(after) -> this.client.sql("select id, name, price from product where id > ? order by id limit 2")
						.param((after != null) ? after : 0)
						.query(Product.class)
						.list(),
					Product::id);
		}

	}

	@Component
	static class Prices {

		final List<String> applied = new ArrayList<>();

		void apply(Product product, PriceList list) {
			this.applied.add(product.name() + " " + list.name());
		}

	}

	@Component
	static class Search {

		final List<String> said = new ArrayList<>();

		int checked;

		int broken;

		void createIndex() {
			this.said.add("create");
		}

		void open() {
			this.said.add("open");
		}

		void flush() {
			this.said.add("flush");
		}

		void publishIndex() {
			this.said.add("publish");
		}

		void index(Product product) {
			if (product.id() == this.broken) {
				throw new DiscontinuedError();
			}
			this.said.add("index " + product.name());
		}

		boolean isBusy() {
			return false;
		}

		void validate(Upload upload) {
			this.said.add("validate " + upload.file());
		}

		CursorSource<Long, Long> rows(Upload upload) {
			return Sources.range(1, 3);
		}

		void insert(Long row) {
			this.said.add("insert " + row);
		}

		void confirm(Upload upload) {
			this.said.add("confirm " + upload.file());
		}

		void check(Long number) {
			this.checked++;
		}

	}

	static final class DiscontinuedError extends Error {

		private static final long serialVersionUID = 1L;

	}

	static final class Calendar {

		boolean isNight() {
			return false;
		}

	}

	@FunctionalInterface
	interface Work {

		void run() throws Exception;

	}

	record Product(long id, String name, BigDecimal price) {
	}

	record PriceList(String name) {
	}

	record Upload(String file) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Catalogue.class, Imports.class, Prices.class, Progress.class, Search.class })
	static class Application {

	}

}
