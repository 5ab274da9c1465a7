package dev.backgroundjobs.autoconfigure;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * An application to be processed ahead of time: its jobs have proxies, inherit type
 * variables, and take arguments of all shapes.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class AotApplication {

	public static void main(String[] args) {
		SpringApplication.run(AotApplication.class, args).close();
	}

	@Bean
	Reports reports() {
		return new Reports();
	}

	@Bean
	Ledger ledger() {
		return new Ledger();
	}

	@Bean
	Loader loader() {
		return new Loader();
	}

	@Bean
	ApplicationRunner enqueue(JobDispatcher jobs) {
		return (args) -> {
			if (args.containsOption("by-reference")) {
				jobs.enqueue(Reports::generate, Request.example());
			}
			jobs.enqueue("reports.generate", Request.example());
			jobs.enqueue("ledger.book", 12L);
			jobs.enqueue("loader.load", new Row("r1"));
		};
	}

	record Request(String month, List<Line> lines, Map<String, Total> totals, Shape shape, Page[] pages) {

		static Request example() {
			return new Request("march", List.of(new Line("a")), Map.of("b", new Total(1)), new Circle(2),
					new Page[] { new Page(3) });
		}

	}

	record Line(String text) {
	}

	record Total(int sum) {
	}

	record Page(int number) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
	sealed interface Shape permits Circle {

	}

	record Circle(int radius) implements Shape {
	}

	record Row(String key) {
	}

	static class Reports {

		@BackgroundJob
		void generate(Request request) {
			System.out.println("ran " + request.month() + " " + request.lines().get(0).text() + " "
					+ request.totals().get("b").sum() + " " + request.shape() + " " + request.pages()[0].number());
		}

	}

	static class Ledger {

		@BackgroundJob
		@Transactional
		void book(long amount) {
			System.out.println("ran book " + amount + " in a transaction: "
					+ TransactionSynchronizationManager.isActualTransactionActive());
		}

	}

	abstract static class Loading<T> {

		@BackgroundJob
		void load(T value) {
			System.out.println("ran load " + value);
		}

	}

	static class Loader extends Loading<Row> {

	}

}
