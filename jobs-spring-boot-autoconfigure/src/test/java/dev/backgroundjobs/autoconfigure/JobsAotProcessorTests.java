package dev.backgroundjobs.autoconfigure;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.function.Predicate;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.message.KeyMaterial;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the jobs of an application need of Spring AOT.
 */
class JobsAotProcessorTests {

	private static final String GENERATED = "dev/backgroundjobs/autoconfigure/JobsAutoConfiguration__ProcessedBackends.java";

	private final InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();

	private final RuntimeHints hints = new RuntimeHints();

	@Test
	void callsAJobMethod() {
		process(Application.class);
		assertThat(this.hints).matches(invocation(Reports.class, "generate"));
	}

	@Test
	void callsAJobMethodThroughTheInterfaceOfItsProxy() {
		process(Application.class);
		assertThat(this.hints).matches(invocation(MailSender.class, "send"));
	}

	@Test
	void callsAJobMethodOfASuperclass() {
		process(Application.class);
		assertThat(this.hints).matches(invocation(Loading.class, "load"));
	}

	@ParameterizedTest
	@ValueSource(
			classes = { Request.class, Line.class, Total.class, Row.class, Circle.class, Square.class, Page.class })
	void bindsARecordThatAnArgumentIsOrHolds(Class<?> type) {
		process(Application.class);
		assertThat(this.hints).matches(RuntimeHintsPredicates.reflection()
			.onType(type)
			.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS));
		for (RecordComponent component : type.getRecordComponents()) {
			assertThat(this.hints).as(component.toString())
				.matches(RuntimeHintsPredicates.reflection().onMethodInvocation(component.getAccessor()));
		}
	}

	@Test
	void bindsNothingThatNoJobTakes() {
		process(Application.class);
		assertThat(this.hints).matches(RuntimeHintsPredicates.reflection().onType(Unrelated.class).negate());
	}

	@Test
	void needsNoValueOfAPlaceholder() {
		process(Application.class);
		assertThat(this.hints).matches(invocation(Configured.class, "run"));
	}

	@Test
	void createsNoBeanOfTheApplication() {
		process(Application.class);
		assertThat(Reports.created).isFalse();
	}

	@Test
	void keepsTheBackendsItWasProcessedForOnceEach() throws IOException {
		process(Application.class, "jobs.backend=inline", "jobs.queues.bulk.backend=test",
				"jobs.queues.mail.backend=TEST", "jobs.queues.mail.delay-backend=cloud-tasks");
		assertThat(generated())
			.contains("ProcessedBackends.register(beanFactory, \"cloud-tasks\", \"inline\", \"test\")");
	}

	@Test
	void keepsTheDefaultBackend() throws IOException {
		process(Application.class);
		assertThat(generated()).contains("ProcessedBackends.register(beanFactory, \"local\")");
	}

	@Test
	void keepsNothingWithoutJobsInTheContext() {
		process(Reports.class);
		assertThat(this.files.getGeneratedFiles(Kind.SOURCE)).doesNotContainKey(GENERATED);
	}

	@Test
	void readsTheListOfBackends() {
		new JobsRuntimeHints().registerHints(this.hints, getClass().getClassLoader());
		assertThat(this.hints).matches(RuntimeHintsPredicates.resource().forResource(BackendCatalog.LOCATION));
	}

	@Test
	void bindsAnEnqueuedJob() {
		new JobsRuntimeHints().registerHints(this.hints, getClass().getClassLoader());
		assertThat(this.hints).matches(RuntimeHintsPredicates.reflection()
			.onType(EnqueuedJob.class)
			.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS));
	}

	@Test
	void makesAKeyOfText() {
		new JobsRuntimeHints().registerHints(this.hints, getClass().getClassLoader());
		assertThat(this.hints).matches(invocation(KeyMaterial.class, "of"));
	}

	@ParameterizedTest
	@ValueSource(classes = { JobsProperties.class, JobsProperties.Signing.class, JobsProperties.Queue.class,
			JobsProperties.Backoff.class })
	void bindsProperties(Class<?> type) {
		process(Application.class);
		assertThat(this.hints)
			.matches(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]));
	}

	private static Predicate<RuntimeHints> invocation(Class<?> type, String method) {
		return RuntimeHintsPredicates.reflection().onMethodInvocation(type, method);
	}

	private String generated() throws IOException {
		return this.files.getGeneratedFileContent(Kind.SOURCE, GENERATED);
	}

	private void process(Class<?> configuration, String... properties) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of(properties).applyTo(context);
			context.register(configuration);
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get(Application.class)), this.files, this.hints);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
		}
	}

	@ImportAutoConfiguration(JobsAutoConfiguration.class)
	@Import({ Reports.class, MailSenderBean.class, Loader.class, Configured.class })
	static class Application {

	}

	record Request(Map<String, Total> totals, Shape shape, Page[] pages, Line first) {
	}

	record Line(String text) {
	}

	record Total(int sum) {
	}

	record Page(int number) {
	}

	record Row(String key) {
	}

	record Unrelated(String key) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes(@JsonSubTypes.Type(Circle.class))
	interface Shape {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
	sealed interface Corner permits Square {

	}

	record Circle(int radius, Corner corner) implements Shape {
	}

	record Square(int length) implements Corner {
	}

	static class Reports {

		static boolean created;

		Reports() {
			created = true;
		}

		@BackgroundJob
		void generate(Request request) {
		}

	}

	interface MailSender {

		@BackgroundJob
		void send(String text);

	}

	static class MailSenderBean implements MailSender {

		@Override
		public void send(String text) {
		}

	}

	abstract static class Loading<T> {

		@BackgroundJob
		void load(T value) {
		}

	}

	static class Loader extends Loading<Row> {

	}

	static class Configured {

		@BackgroundJob(queue = "${a.queue.that.nobody.has.named}")
		void run() {
		}

	}

}
