package dev.backgroundjobs.adapter.inline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Sources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class InlineEdgeTests {

	private ConfigurableApplicationContext start() {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("jobs.backend=inline", "spring.datasource.url=jdbc:h2:mem:inl;DB_CLOSE_DELAY=-1")
			.run();
	}

	@Test
	void leavesTheInterruptOfItsCaller() {
		try (ConfigurableApplicationContext context = start()) {
			Thread.currentThread().interrupt();
			context.getBean(JobDispatcher.class).enqueue(Jobs::sleep);
			assertThat(Thread.interrupted()).isTrue();
			assertThat(context.getBean(Jobs.class).ran.get()).isEqualTo(1);
		}
	}

	@Test
	void runsAfterACommitInATransactionOfItsOwn() {
		try (ConfigurableApplicationContext context = start()) {
			context.getBean(JdbcTemplate.class).execute("create table t (id int)");
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((s) -> context.getBean(JobDispatcher.class).enqueue(Jobs::insertAndFail));
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select count(*) from t", Integer.class))
				.isEqualTo(0);
		}
	}

	@Test
	void runsIterationsWithinTheItemsOfAnother() {
		try (ConfigurableApplicationContext context = start()) {
			context.getBean(JobDispatcher.class).enqueue(Jobs::outer);
			List<String> expected = new ArrayList<>();
			for (long i = 0; i < 3; i++) {
				expected.addAll(List.of("inner 0", "inner 1", "inner 2", "inner 3", "inner ends", "outer " + i));
			}
			expected.add("outer ends");
			assertThat(context.getBean(Jobs.class).log).isEqualTo(expected);
		}
	}

	@Test
	void runsAnIterationAfterTheCommitThatItWasEnqueuedIn() {
		try (ConfigurableApplicationContext context = start()) {
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((s) -> context.getBean(JobDispatcher.class).enqueue(Jobs::inner));
			assertThat(context.getBean(Jobs.class).log).containsExactly("inner 0", "inner 1", "inner 2", "inner 3",
					"inner ends");
		}
	}

	static class Jobs {

		final List<String> log = new CopyOnWriteArrayList<>();

		final AtomicInteger ran = new AtomicInteger();

		private final ObjectProvider<PlatformTransactionManager> transactions;

		private final ObjectProvider<JdbcTemplate> jdbc;

		private final ObjectProvider<JobDispatcher> dispatcher;

		Jobs(ObjectProvider<PlatformTransactionManager> transactions, ObjectProvider<JdbcTemplate> jdbc,
				ObjectProvider<JobDispatcher> dispatcher) {
			this.transactions = transactions;
			this.jdbc = jdbc;
			this.dispatcher = dispatcher;
		}

		@BackgroundJob(maxAttempts = "1")
		Iteration<Long> outer() {
			return Iteration.over(Sources.range(0, 3)).each((item) -> {
				this.dispatcher.getObject().enqueue(Jobs::inner);
				this.log.add("outer " + item);
			}).onComplete(() -> this.log.add("outer ends"));
		}

		@BackgroundJob(maxAttempts = "1")
		Iteration<Long> inner() {
			return Iteration.over(Sources.range(0, 4)).each((item) -> {
				this.log.add("inner " + item);
				JobContext.current().requestStop();
			}).onComplete(() -> this.log.add("inner ends"));
		}

		@BackgroundJob(maxAttempts = "1")
		void sleep() throws InterruptedException {
			new java.util.concurrent.CountDownLatch(1).await(10, java.util.concurrent.TimeUnit.MILLISECONDS);
			this.ran.incrementAndGet();
		}

		@BackgroundJob(maxAttempts = "1")
		void insertAndFail() {
			new TransactionTemplate(this.transactions.getObject()).executeWithoutResult((status) -> {
				this.jdbc.getObject().update("insert into t values (1)");
				throw new IllegalStateException("rolls back");
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Jobs jobs(ObjectProvider<PlatformTransactionManager> transactions, ObjectProvider<JdbcTemplate> jdbc,
				ObjectProvider<JobDispatcher> dispatcher) {
			return new Jobs(transactions, jdbc, dispatcher);
		}

	}

}
