package dev.backgroundjobs.definition;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.Backoff;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Sources;
import dev.backgroundjobs.iteration.SplittableSource;
import dev.backgroundjobs.iteration.Steps;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.io.Resource;
import org.springframework.scheduling.annotation.Async;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What is refused at start-up, and in which words.
 */
class JobRefusalTests {

	@Test
	void refusesAPrivateMethod() {
		assertThat(problems(PrivateMethod.class)).singleElement()
			.asString()
			.isEqualTo("Method 'PrivateMethod.run' cannot be a job: it is private. Make it visible in its package");
	}

	@Test
	void refusesAStaticMethod() {
		assertThat(problems(StaticMethod.class)).singleElement().asString().contains("it is static");
	}

	@Test
	void refusesAFinalMethodBehindAProxy() {
		assertThat(problems(FinalMethod.class)).singleElement()
			.asString()
			.contains("it is final and its bean is behind a proxy", "Remove 'final'");
	}

	@Test
	void refusesAMethodThatAProxyOfInterfacesLacks() {
		assertThat(problems(JdkProxied.class)).singleElement()
			.asString()
			.contains("TransactionalTaskImplementation.run", "behind a proxy of its interfaces");
	}

	@Test
	void acceptsAFinalMethodWithoutAProxy() {
		assertThatCode(() -> scan(FinalReports.class)).doesNotThrowAnyException();
	}

	@Test
	void refusesAnOverloadedMethod() {
		assertThat(problems(Overloaded.class)).singleElement().asString().contains("its name is overloaded");
	}

	@Test
	void saysOnceThatAllOverloadsAreRefused() {
		assertThat(problems(OverloadedJobs.class)).hasSize(1);
	}

	@Test
	void refusesAMethodOverloadedByTheSuperclass() {
		assertThat(problems(OverloadedBySuper.class)).singleElement().asString().contains("its name is overloaded");
	}

	@Test
	void acceptsAnOverrideWithAnotherReturnType() {
		assertThatCode(() -> scan(Covariant.class)).doesNotThrowAnyException();
	}

	@Test
	void refusesAnAsyncMethod() {
		assertThat(problems(AsyncMethod.class)).singleElement().asString().contains("it is @Async", "Remove @Async");
	}

	@Test
	void refusesAMethodOfAnAsyncClass() {
		assertThat(problems(AsyncClass.class)).singleElement().asString().contains("it is @Async");
	}

	@Test
	void refusesAReturnedCompletionStage() {
		assertThat(problems(ReturnsStage.class)).singleElement()
			.asString()
			.contains("it returns a CompletableFuture", "Wait for the result");
	}

	@Test
	void refusesAReturnedFuture() {
		assertThat(problems(ReturnsFuture.class)).singleElement().asString().contains("it returns a Future");
	}

	@Test
	void refusesAReturnedPublisher() {
		assertThat(problems(ReturnsPublisher.class)).singleElement().asString().contains("it returns a Publisher");
	}

	@Test
	void refusesAReturnedMono() {
		assertThat(problems(ReturnsMono.class)).singleElement().asString().contains("it returns a Mono");
	}

	@Test
	void refusesAReturnedFlowPublisher() {
		assertThat(problems(ReturnsFlow.class)).singleElement().asString().contains("it returns a Publisher");
	}

	@Test
	void refusesAFutureReturnedByAGenericSuperclass() {
		assertThat(problems(GenericFuture.class)).singleElement().asString().contains("it returns a CompletableFuture");
	}

	@Test
	void refusesATransactionAroundAnIteration() {
		assertThat(problems(TransactionalIteration.class)).singleElement()
			.asString()
			.contains("'TransactionalIteration.run'", "it is @Transactional and returns an iteration",
					"call another bean for each item");
	}

	@Test
	void refusesAnIterationInATransactionalClass() {
		assertThat(problems(TransactionalSteps.class)).singleElement()
			.asString()
			.contains("it is @Transactional and returns an iteration");
	}

	@Test
	void refusesASourceInsteadOfAnIteration() {
		assertThat(problems(ReturnsSource.class)).singleElement()
			.asString()
			.contains("it returns a SplittableSource, which says what to walk and not what to do", "declare Iteration");
	}

	@Test
	void refusesAnIterationThatDoesNotSayWhatToDo() {
		assertThat(problems(ReturnsOver.class)).singleElement()
			.asString()
			.contains("it returns a Over, which says what to walk and not what to do");
	}

	@Test
	void refusesABeanOfARequest() {
		assertThat(problems(RequestScoped.class)).singleElement()
			.asString()
			.contains("scope of a request or session", "Move it to a singleton");
	}

	@Test
	void refusesABeanOfASessionWithoutAProxy() {
		assertThat(problems(SessionScoped.class)).singleElement().asString().contains("scope of a request or session");
	}

	@Test
	void refusesAnArgumentOfTypeObject() {
		assertThat(problems(TakesObject.class)).singleElement()
			.asString()
			.contains("its argument of type Object cannot travel", "Send a record");
	}

	@Test
	void refusesAnInputStream() {
		assertThat(problems(TakesStream.class)).singleElement().asString().contains("argument of type InputStream");
	}

	@Test
	void refusesAResource() {
		assertThat(problems(TakesResource.class)).singleElement().asString().contains("argument of type Resource");
	}

	@Test
	void refusesAnUnboundTypeVariable() {
		assertThat(problems(Unbound.class)).singleElement().asString().contains("argument of type Object");
	}

	@Test
	void refusesTwoJobsOfOneName() {
		assertThat(problems(FirstSend.class, SecondSend.class)).singleElement()
			.asString()
			.contains("Job name 'send' is declared 2 times", FirstSend.class.getName() + ".run",
					SecondSend.class.getName() + ".run");
	}

	@Test
	void refusesAnAliasThatIsAnotherJobsName() {
		assertThat(problems(FirstSend.class, AliasSend.class)).singleElement()
			.asString()
			.contains("Alias 'send' of job 'other' is also a name or alias of job 'send'");
	}

	@Test
	void refusesAnAliasOfTwoJobs() {
		assertThat(problems(AliasSend.class, SecondAliasSend.class)).singleElement()
			.asString()
			.contains("Alias 'send'", "'other'", "'third'");
	}

	@Test
	void refusesAnAliasThatIsTheJobsOwnName() {
		assertThat(problems(OwnAlias.class)).singleElement().asString().contains("Alias 'own'");
	}

	@Test
	void refusesANameWithSpaces() {
		assertThat(problems(BadName.class)).singleElement()
			.asString()
			.contains("name 'send mail'", "not made of letters");
	}

	@Test
	void resolvesNoPlaceholderInAName() {
		assertThat(problems(PlaceholderName.class)).singleElement()
			.asString()
			.contains("name '${reports.name}'", "placeholders are not resolved here");
	}

	@Test
	void refusesANonAsciiDefaultName() {
		assertThat(problems(Überweisung.class)).singleElement().asString().contains("überweisung.run");
	}

	@Test
	void refusesABadAlias() {
		assertThat(problems(BadAlias.class)).singleElement().asString().contains("alias ''");
	}

	@Test
	void refusesAQueueWithCapitals() {
		assertThat(problems(BadQueue.class)).singleElement()
			.asString()
			.contains("queue 'Bulk'", "at most 40 characters");
	}

	@Test
	void refusesAPlaceholderThatIsNotThere() {
		assertThat(problems(MissingPlaceholder.class)).singleElement()
			.asString()
			.contains("queue '${reports.queue}' cannot be read", "reports.queue");
	}

	@Test
	void refusesATimeoutThatIsNoTime() {
		assertThat(problems(BadTimeout.class)).singleElement().asString().contains("timeout 'soon' cannot be read");
	}

	@Test
	void refusesATimeoutOfZero() {
		assertThat(problems(ZeroTimeout.class)).singleElement().asString().contains("timeout is PT0S");
	}

	@Test
	void refusesATimeoutBeyondAllTime() {
		assertThat(problems(HugeTimeout.class)).singleElement().asString().contains("timeout '9999999999999999d'");
	}

	@Test
	void refusesNoAttemptAtAll() {
		assertThat(problems(ZeroAttempts.class)).singleElement().asString().contains("maxAttempts is 0");
	}

	@Test
	void refusesAttemptsThatAreNoNumber() {
		assertThat(problems(WordAttempts.class)).singleElement().asString().contains("maxAttempts 'many'");
	}

	@Test
	void refusesABackoffThatShrinks() {
		assertThat(problems(ShrinkingBackoff.class)).singleElement().asString().contains("multiplier is 0.5");
	}

	@Test
	void refusesAJitterAboveOne() {
		assertThat(problems(WildJitter.class)).singleElement().asString().contains("jitterFactor is 2.0");
	}

	@Test
	void refusesANegativeDelay() {
		assertThat(problems(NegativeDelay.class)).singleElement().asString().contains("backoff:");
	}

	@Test
	void reportsAllProblemsAtOnce() {
		assertThat(problems(PrivateMethod.class, StaticMethod.class, BadName.class, BadQueue.class, FirstSend.class,
				SecondSend.class, TakesObject.class))
			.hasSize(6);
	}

	@Test
	void reportsEveryProblemOfOneMethod() {
		assertThat(problems(AllWrong.class)).hasSize(6);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a/b", "a:b", "ä", "a\n", "${a}", "a\u0000" })
	void knowsWhatIsNoName(String name) {
		assertThat(dev.backgroundjobs.message.MessageNames.isJob(name)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Bulk", "1a", "a_b", "a--b", "a-", "-a", "a.b", "ä", "a b",
			"a2345678901234567890123456789012345678901" })
	void knowsWhatIsNoQueue(String queue) {
		assertThat(dev.backgroundjobs.message.MessageNames.isQueue(queue)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "bulk", "bulk-mail", "a1-b2", "a234567890123456789012345678901234567890" })
	void knowsWhatIsAQueue(String queue) {
		assertThat(dev.backgroundjobs.message.MessageNames.isQueue(queue)).isTrue();
	}

	private static List<String> problems(Class<?>... beans) {
		InvalidJobDefinitionsException failure = catchThrowableOfType(InvalidJobDefinitionsException.class,
				() -> scan(beans));
		assertThat(failure).as("refusal").isNotNull();
		return failure.problems();
	}

	private static void scan(Class<?>... beans) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.getBeanFactory().registerScope("request", new SimpleThreadScope());
			context.getBeanFactory().registerScope("session", new SimpleThreadScope());
			context.register(beans);
			context.registerBean(PropertySourcesPlaceholderConfigurer.class);
			context.refresh();
			new JobDefinitionScanner(context.getBeanFactory(),
					new JobDefaults(5, new BackoffPolicy(Duration.ofSeconds(3), 2, Duration.ofHours(1), 0)))
				.scan();
		}
	}

	static class PrivateMethod {

		@BackgroundJob
		private void run() {
		}

	}

	static class StaticMethod {

		@BackgroundJob
		static void run() {
		}

	}

	static class FinalReports {

		@BackgroundJob
		final void run() {
		}

		@Transactional
		public void other() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true)
	static class FinalMethod {

		@Bean
		PlatformTransactionManager transactionManager() {
			return Mockito.mock(PlatformTransactionManager.class);
		}

		@Bean
		FinalReports mine() {
			return new FinalReports();
		}

	}

	interface Task {

		void go();

	}

	static class TransactionalTaskImplementation implements Task {

		@BackgroundJob
		public void run() {
		}

		@Override
		@Transactional
		public void go() {
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
		TransactionalTaskImplementation mine() {
			return new TransactionalTaskImplementation();
		}

	}

	static class Overloaded {

		@BackgroundJob
		void run() {
		}

		void run(String text) {
		}

	}

	static class OverloadedBySuper extends PlainSuper {

		@BackgroundJob
		void run(String text) {
		}

	}

	static class PlainSuper {

		void run() {
		}

	}

	static class NumberSource {

		Number run() {
			return 1;
		}

	}

	static class Covariant extends NumberSource {

		@Override
		@BackgroundJob
		Integer run() {
			return 1;
		}

	}

	static class AsyncMethod {

		@Async
		@BackgroundJob
		void run() {
		}

	}

	@Async
	static class AsyncClass {

		@BackgroundJob
		void run() {
		}

	}

	static class ReturnsStage {

		@BackgroundJob
		CompletableFuture<String> run() {
			return CompletableFuture.completedFuture("");
		}

	}

	static class ReturnsFuture {

		@BackgroundJob
		Future<String> run() {
			return CompletableFuture.completedFuture("");
		}

	}

	static class ReturnsPublisher {

		@BackgroundJob
		Publisher<String> run() {
			return Mono.empty();
		}

	}

	static class ReturnsMono {

		@BackgroundJob
		Mono<String> run() {
			return Mono.empty();
		}

	}

	static class ReturnsFlow {

		@BackgroundJob
		Flow.@Nullable Publisher<String> run() {
			return null;
		}

	}

	static class GenericReturn<R> {

		@BackgroundJob
		@Nullable R run() {
			return null;
		}

	}

	static class GenericFuture extends GenericReturn<CompletableFuture<String>> {

	}

	@Configuration(proxyBeanMethods = false)
	static class RequestScoped {

		@Bean
		@Scope(scopeName = "request", proxyMode = ScopedProxyMode.TARGET_CLASS)
		FinalFree mine() {
			return new FinalFree();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SessionScoped {

		@Bean
		@Scope("session")
		FinalFree mine() {
			return new FinalFree();
		}

	}

	static class FinalFree {

		@BackgroundJob
		void run() {
		}

	}

	static class TakesObject {

		@BackgroundJob
		void run(Object argument) {
		}

	}

	static class TakesStream {

		@BackgroundJob
		void run(InputStream argument) {
		}

	}

	static class TakesResource {

		@BackgroundJob
		void run(Resource argument) {
		}

	}

	static class Unbound<T> {

		@BackgroundJob
		void run(T argument) {
		}

	}

	static class FirstSend {

		@BackgroundJob(name = "send")
		void run() {
		}

	}

	static class SecondSend {

		@BackgroundJob(name = "send")
		void run() {
		}

	}

	static class AliasSend {

		@BackgroundJob(name = "other", aliases = "send")
		void run() {
		}

	}

	static class SecondAliasSend {

		@BackgroundJob(name = "third", aliases = "send")
		void run() {
		}

	}

	static class OwnAlias {

		@BackgroundJob(name = "own", aliases = "own")
		void run() {
		}

	}

	static class BadName {

		@BackgroundJob(name = "send mail")
		void run() {
		}

	}

	static class PlaceholderName {

		@BackgroundJob(name = "${reports.name}")
		void run() {
		}

	}

	static class Überweisung {

		@BackgroundJob
		void run() {
		}

	}

	static class BadAlias {

		@BackgroundJob(aliases = "")
		void run() {
		}

	}

	static class BadQueue {

		@BackgroundJob(queue = "Bulk")
		void run() {
		}

	}

	static class MissingPlaceholder {

		@BackgroundJob(queue = "${reports.queue}")
		void run() {
		}

	}

	static class BadTimeout {

		@BackgroundJob(timeout = "soon")
		void run() {
		}

	}

	static class ZeroTimeout {

		@BackgroundJob(timeout = "0s")
		void run() {
		}

	}

	static class HugeTimeout {

		@BackgroundJob(timeout = "9999999999999999d")
		void run() {
		}

	}

	static class ZeroAttempts {

		@BackgroundJob(maxAttempts = "0")
		void run() {
		}

	}

	static class WordAttempts {

		@BackgroundJob(maxAttempts = "many")
		void run() {
		}

	}

	static class ShrinkingBackoff {

		@BackgroundJob(backoff = @Backoff(multiplier = "0.5"))
		void run() {
		}

	}

	static class WildJitter {

		@BackgroundJob(backoff = @Backoff(jitterFactor = "2"))
		void run() {
		}

	}

	static class NegativeDelay {

		@BackgroundJob(backoff = @Backoff(delay = "-1s"))
		void run() {
		}

	}

	static class AllWrong {

		@Async
		@BackgroundJob
		private static Future<String> run(Object first, InputStream second) {
			return CompletableFuture.completedFuture("");
		}

	}

	static class TransactionalIteration {

		@BackgroundJob
		@Transactional
		Iteration<Long> run() {
			return Iteration.none();
		}

	}

	@Transactional
	static class TransactionalSteps {

		@BackgroundJob
		Steps run() {
			return Steps.first("one", () -> {
			});
		}

	}

	static class ReturnsSource {

		@BackgroundJob
		SplittableSource<Long, Long> run() {
			return Sources.range(0, 1);
		}

	}

	static class ReturnsOver {

		@BackgroundJob
		Iteration.Over<Long> run() {
			return Iteration.over(Sources.range(0, 1));
		}

	}

	static class OverloadedJobs {

		@BackgroundJob
		void run() {
		}

		@BackgroundJob
		void run(String text) {
		}

	}

}
