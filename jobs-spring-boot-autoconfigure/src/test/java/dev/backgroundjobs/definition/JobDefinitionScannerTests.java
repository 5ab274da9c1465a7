package dev.backgroundjobs.definition;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which methods of which beans are jobs, and what their declarations say.
 */
class JobDefinitionScannerTests {

	private static final AtomicInteger created = new AtomicInteger();

	@BeforeEach
	void nothingIsCreatedYet() {
		created.set(0);
	}

	@Test
	void findsNothingWhereNothingIsDeclared() {
		assertThat(scan(Object.class).all()).isEmpty();
	}

	@Test
	void takesTheDefaultsOfTheApplication() {
		// when
		JobDefinition job = single(Plain.class);

		// then
		assertThat(job.name()).isEqualTo("plain.run");
		assertThat(job.queue()).isEqualTo("default");
		assertThat(job.maxAttempts()).isEqualTo(7);
		assertThat(job.timeout()).isNull();
		assertThat(job.priority()).isZero();
		assertThat(job.backoff()).isEqualTo(new BackoffPolicy(Duration.ofSeconds(4), 3, Duration.ofHours(2), 0.1));
	}

	@Test
	void readsEveryAttribute() {
		// when
		JobDefinition job = single(Full.class);

		// then
		assertThat(job.name()).isEqualTo("reports.make");
		assertThat(job.aliases()).containsExactly("old-name", "older_name");
		assertThat(job.queue()).isEqualTo("bulk-mail-2");
		assertThat(job.priority()).isEqualTo(-3);
		assertThat(job.maxAttempts()).isEqualTo(1);
		assertThat(job.timeout()).isEqualTo(Duration.ofMinutes(10));
		assertThat(job.backoff()).isEqualTo(new BackoffPolicy(Duration.ofMillis(5), 1.5, Duration.ofMinutes(1), 1));
		assertThat(job.discardOn()).containsExactly(IllegalStateException.class);
		assertThat(job.retryOn()).containsExactly(IOException.class);
	}

	@Test
	void namesAJobOfANestedClassBySimpleName() {
		assertThat(single(Plain.class).name()).isEqualTo("plain.run");
	}

	@Test
	void keepsTheCapitalsOfAnAcronym() {
		assertThat(single(PDFReports.class).name()).isEqualTo("PDFReports.run");
	}

	@Test
	void findsAJobByItsAliases() {
		JobDefinitions jobs = scan(Full.class);
		assertThat(jobs.find("old-name")).isSameAs(jobs.find("reports.make"));
	}

	@Test
	void matchesNamesByCase() {
		assertThat(scan(Full.class).find("Reports.make")).isNull();
	}

	@Test
	void readsAMetaAnnotation() {
		// when
		JobDefinition job = single(Nightly.class);

		// then
		assertThat(job.queue()).isEqualTo("night");
		assertThat(job.maxAttempts()).isEqualTo(2);
		assertThat(job.name()).isEqualTo("nightly.run");
	}

	@Test
	void readsAnAliasedAttributeOfAMetaAnnotation() {
		assertThat(single(NightlyOnBulk.class).queue()).isEqualTo("bulk");
	}

	@Test
	void readsAnAnnotationOnAnInterface() {
		assertThat(single(SmtpMailer.class).name()).isEqualTo("smtpMailer.send");
	}

	@Test
	void readsAnAnnotationOnAGenericInterface() {
		assertThat(single(LineImporter.class).name()).isEqualTo("lineImporter.load");
	}

	@Test
	void readsAnAnnotationOnADefaultMethod() {
		assertThat(single(DefaultMailer.class).name()).isEqualTo("defaultMailer.ping");
	}

	@Test
	void readsAnAnnotationOnASuperclass() {
		assertThat(single(SubPlain.class).name()).isEqualTo("subPlain.run");
	}

	@Test
	void readsAnAnnotationOnAnOverriddenMethod() {
		assertThat(single(OverridingPlain.class).name()).isEqualTo("overridingPlain.run");
	}

	@Test
	void prefersTheAnnotationOfTheOverridingMethod() {
		assertThat(single(RedeclaringPlain.class).queue()).isEqualTo("other");
	}

	@Test
	void findsAJobInAPrivateNestedClass() {
		assertThat(single(Hidden.class).name()).isEqualTo("hidden.run");
	}

	@Test
	void findsABeanMethodsJobs() {
		assertThat(single(BeanMethod.class).beanName()).isEqualTo("mine");
	}

	@Test
	void findsTheJobsOfABeanDeclaredByItsInterface() {
		assertThat(single(BeanMethodOfInterface.class).name()).isEqualTo("smtpMailer.send");
	}

	@Test
	void findsTheJobsOfTheClassBehindACglibProxy() {
		// when
		JobDefinition job = single(TransactionalConfiguration.class);

		// then
		assertThat(job.name()).isEqualTo("transactionalReports.run");
		assertThat(job.beanType()).isEqualTo(TransactionalReports.class);
	}

	@Test
	void findsTheJobsOfTheClassBehindAJdkProxy() {
		// when
		JobDefinition job = single(JdkProxied.class);

		// then
		assertThat(job.name()).isEqualTo("transactionalMailer.send");
	}

	@Test
	void findsTheJobsOfAConfigurationClass() {
		assertThat(single(ConfigurationWithJob.class).name()).isEqualTo("configurationWithJob.run");
	}

	@Test
	void skipsTheTargetOfAScopedProxy() {
		// when
		JobDefinition job = single(Scoped.class);

		// then
		assertThat(job.beanName()).isEqualTo("mine");
		assertThat(created).hasValue(0);
	}

	@Test
	void createsNoLazyBean() {
		assertThat(single(LazyConfiguration.class).name()).isEqualTo("counted.run");
		assertThat(created).hasValue(0);
	}

	@Test
	void createsNoPrototype() {
		assertThat(single(PrototypeConfiguration.class).name()).isEqualTo("counted.run");
		assertThat(created).hasValue(0);
	}

	@Test
	void findsTheJobsOfAFactoryBeansObject() {
		assertThat(single(FactoryConfiguration.class).beanName()).isEqualTo("mine");
	}

	@Test
	void namesTheJobOfAnAnonymousSubclassByItsSuperclass() {
		assertThat(single(Anonymous.class).name()).isEqualTo("plain.run");
	}

	@Test
	void findsTheJobsOfAMockedClass() {
		assertThat(single(Mocked.class).name()).isEqualTo("plain.run");
	}

	@Test
	void resolvesPlaceholders() {
		// when
		JobDefinition job = scan(
				Map.of("reports.queue", "heavy", "reports.timeout", "90s", "reports.attempts", "3", "reports.delay",
						"PT1S", "reports.multiplier", "1", "reports.max", "1m", "reports.jitter", "0"),
				Placeholders.class)
			.all()
			.iterator()
			.next();

		// then
		assertThat(job.queue()).isEqualTo("heavy");
		assertThat(job.timeout()).isEqualTo(Duration.ofSeconds(90));
		assertThat(job.maxAttempts()).isEqualTo(3);
		assertThat(job.backoff()).isEqualTo(new BackoffPolicy(Duration.ofSeconds(1), 1, Duration.ofMinutes(1), 0));
	}

	@Test
	void takesTheDefaultsOfPlaceholders() {
		assertThat(single(PlaceholdersWithDefaults.class).queue()).isEqualTo("light");
	}

	@Test
	void takesAnEmptyPlaceholderForNone() {
		// when
		JobDefinition job = single(EmptyPlaceholders.class);

		// then
		assertThat(job.timeout()).isNull();
		assertThat(job.queue()).isEqualTo("default");
		assertThat(job.maxAttempts()).isEqualTo(7);
	}

	@Test
	void listsJobsByName() {
		assertThat(scan(SubPlain.class, Plain.class, Full.class).all()).extracting(JobDefinition::name)
			.containsExactly("plain.run", "reports.make", "subPlain.run");
	}

	@Test
	void retriesWhateverIsNotNamed() {
		assertThat(single(Plain.class).ruleFor(new Exception())).isEqualTo(JobDefinition.FailureRule.RETRY);
	}

	@Test
	void discardsASubclassOfWhatIsToBeDiscarded() {
		assertThat(single(Full.class).ruleFor(new java.util.concurrent.CancellationException()))
			.isEqualTo(JobDefinition.FailureRule.DISCARD);
	}

	@Test
	void keepsForAPersonWhatIsNeitherRetriedNorDiscarded() {
		assertThat(single(Full.class).ruleFor(new NullPointerException())).isEqualTo(JobDefinition.FailureRule.DEAD);
	}

	@Test
	void prefersTheClosestTypeOfBothRules() {
		// when
		JobDefinition job = single(Closest.class);

		// then
		assertThat(job.ruleFor(new java.io.FileNotFoundException())).isEqualTo(JobDefinition.FailureRule.RETRY);
		assertThat(job.ruleFor(new java.io.EOFException())).isEqualTo(JobDefinition.FailureRule.DISCARD);
	}

	private static JobDefinition single(Class<?>... beans) {
		JobDefinitions jobs = scan(beans);
		assertThat(jobs.all()).hasSize(1);
		return jobs.all().iterator().next();
	}

	private static JobDefinitions scan(Class<?>... beans) {
		return scan(Map.of(), beans);
	}

	private static JobDefinitions scan(Map<String, Object> properties, Class<?>... beans) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
			context.getBeanFactory().registerScope("thread", new SimpleThreadScope());
			context.register(beans);
			context.refresh();
			return new JobDefinitionScanner(context.getBeanFactory(),
					new JobDefaults(7, new BackoffPolicy(Duration.ofSeconds(4), 3, Duration.ofHours(2), 0.1)))
				.scan();
		}
	}

	static class Plain {

		@BackgroundJob
		void run() {
		}

	}

	static class SubPlain extends Plain {

	}

	static class OverridingPlain extends Plain {

		@Override
		void run() {
		}

	}

	static class RedeclaringPlain extends Plain {

		@Override
		@BackgroundJob(queue = "other")
		void run() {
		}

	}

	static class PDFReports {

		@BackgroundJob
		void run() {
		}

	}

	private static final class Hidden {

		@BackgroundJob
		void run() {
		}

	}

	static class Full {

		@BackgroundJob(name = "reports.make", aliases = { "old-name", "older_name" }, queue = "bulk-mail-2",
				priority = -3, maxAttempts = "1", timeout = "10m",
				backoff = @Backoff(delay = "5ms", multiplier = "1.5", maxDelay = "PT1M", jitterFactor = "1"),
				discardOn = IllegalStateException.class, retryOn = IOException.class)
		void run() {
		}

	}

	static class Closest {

		@BackgroundJob(discardOn = IOException.class, retryOn = java.io.FileNotFoundException.class)
		void run() {
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@BackgroundJob(queue = "night", maxAttempts = "2")
	@interface NightlyJob {

		@AliasFor(annotation = BackgroundJob.class, attribute = "queue")
		String on() default "night";

	}

	static class Nightly {

		@NightlyJob
		void run() {
		}

	}

	static class NightlyOnBulk {

		@NightlyJob(on = "bulk")
		void run() {
		}

	}

	interface Mailer {

		@BackgroundJob
		void send(String text);

	}

	static class SmtpMailer implements Mailer {

		@Override
		public void send(String text) {
		}

	}

	interface Importer<T> {

		@BackgroundJob
		void load(T value);

	}

	static class LineImporter implements Importer<String> {

		@Override
		public void load(String value) {
		}

	}

	interface Pinging {

		@BackgroundJob
		default void ping() {
		}

	}

	static class DefaultMailer implements Pinging {

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethod {

		@Bean
		Plain mine() {
			return new Plain();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethodOfInterface {

		@Bean
		Mailer mine() {
			return new SmtpMailer();
		}

	}

	static class TransactionalReports {

		@BackgroundJob
		@Transactional
		void run() {
		}

	}

	static class TransactionalMailer implements Mailer {

		@Override
		@Transactional
		public void send(String text) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true)
	static class TransactionalConfiguration {

		@Bean
		PlatformTransactionManager transactionManager() {
			return Mockito.mock(PlatformTransactionManager.class);
		}

		@Bean
		TransactionalReports mine() {
			return new TransactionalReports();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class JdkProxied {

		@Bean
		PlatformTransactionManager transactionManager() {
			return Mockito.mock(PlatformTransactionManager.class);
		}

		@Bean
		TransactionalMailer mine() {
			return new TransactionalMailer();
		}

	}

	@Configuration
	static class ConfigurationWithJob {

		@BackgroundJob
		void run() {
		}

		@Bean
		String text() {
			return "text";
		}

	}

	static class Counted {

		Counted() {
			created.incrementAndGet();
		}

		@BackgroundJob
		void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		@Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Counted mine() {
			return new Counted();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyConfiguration {

		@Bean
		@Lazy
		Counted mine() {
			return new Counted();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrototypeConfiguration {

		@Bean
		@Scope("prototype")
		Counted mine() {
			return new Counted();
		}

	}

	static class PlainFactory implements FactoryBean<Object> {

		PlainFactory() {
			created.incrementAndGet();
		}

		@Override
		public Object getObject() {
			return new Plain();
		}

		@Override
		public Class<?> getObjectType() {
			return Plain.class;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FactoryConfiguration {

		@Bean
		PlainFactory mine() {
			return new PlainFactory();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Anonymous {

		@Bean
		Plain mine() {
			return new Plain() {

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Mocked {

		@Bean
		Plain mine() {
			return Mockito.mock(Plain.class);
		}

	}

	static class Placeholders {

		@BackgroundJob(queue = "${reports.queue}", timeout = "${reports.timeout}", maxAttempts = "${reports.attempts}",
				backoff = @Backoff(delay = "${reports.delay}", multiplier = "${reports.multiplier}",
						maxDelay = "${reports.max}", jitterFactor = "${reports.jitter}"))
		void run() {
		}

	}

	static class PlaceholdersWithDefaults {

		@BackgroundJob(queue = "${reports.queue:light}")
		void run() {
		}

	}

	static class EmptyPlaceholders {

		@BackgroundJob(queue = "${reports.queue:}", timeout = "${reports.timeout:}",
				maxAttempts = "${reports.attempts:}")
		void run() {
		}

	}

}
