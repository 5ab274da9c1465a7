package dev.backgroundjobs.adapter.inline;

import java.util.concurrent.atomic.AtomicInteger;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
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

	static class Jobs {

		final AtomicInteger ran = new AtomicInteger();

		private final ObjectProvider<PlatformTransactionManager> transactions;

		private final ObjectProvider<JdbcTemplate> jdbc;

		Jobs(ObjectProvider<PlatformTransactionManager> transactions, ObjectProvider<JdbcTemplate> jdbc) {
			this.transactions = transactions;
			this.jdbc = jdbc;
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
		Jobs jobs(ObjectProvider<PlatformTransactionManager> transactions, ObjectProvider<JdbcTemplate> jdbc) {
			return new Jobs(transactions, jdbc);
		}

	}

}
