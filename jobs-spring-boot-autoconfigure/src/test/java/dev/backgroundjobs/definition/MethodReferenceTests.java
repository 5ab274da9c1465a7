package dev.backgroundjobs.definition;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobMethod;
import dev.backgroundjobs.UnknownJobException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which job a method reference names, and what is said of one that names none.
 */
class MethodReferenceTests {

	@Test
	void namesAJobWithoutArguments() {
		assertThat(jobOf(JobCall.of(Reports::clean), Reports.class)).isEqualTo("reports.clean");
	}

	@Test
	void namesAJobWithOneArgument() {
		assertThat(jobOf(JobCall.of(Reports::generate, "march"), Reports.class)).isEqualTo("reports.generate");
	}

	@Test
	void namesAJobWithTwoArguments() {
		assertThat(jobOf(JobCall.of(Reports::compare, "march", 3L), Reports.class)).isEqualTo("reports.compare");
	}

	@Test
	void namesAJobWithThreeArguments() {
		assertThat(jobOf(JobCall.of(Reports::merge, "a", 1, List.of("b")), Reports.class)).isEqualTo("reports.merge");
	}

	@Test
	void namesAJobWithAPrimitiveParameter() {
		assertThat(jobOf(JobCall.of(Reports::repeat, 3), Reports.class)).isEqualTo("reports.repeat");
	}

	@Test
	void namesAJobWhoseArgumentIsOfASubclass() {
		assertThat(jobOf(JobCall.of(Reports::measure, 3), Reports.class)).isEqualTo("reports.measure");
	}

	@Test
	void namesAJobThatThrowsCheckedExceptions() {
		assertThat(jobOf(JobCall.of(Reports::read, "file"), Reports.class)).isEqualTo("reports.read");
	}

	@Test
	void namesAJobThatReturnsAValue() {
		assertThat(jobOf(JobCall.of(Reports::count, "march"), Reports.class)).isEqualTo("reports.count");
	}

	@Test
	void namesAnInheritedJobByTheClassOfTheBean() {
		assertThat(jobOf(JobCall.of(Invoices::archive, "2026"), Invoices.class)).isEqualTo("invoices.archive");
	}

	@Test
	void namesAnInheritedJobByTheClassThatDeclaresItWhereOneBeanHasIt() {
		assertThat(jobOf(JobCall.of(Archived::archive, "2026"), Invoices.class)).isEqualTo("invoices.archive");
	}

	@Test
	void tellsTheJobsOfTwoSubclassesApart() {
		assertThat(jobOf(JobCall.of(Orders::archive, "2026"), Invoices.class, Orders.class))
			.isEqualTo("orders.archive");
	}

	@Test
	void namesTheExactClassWhereASubclassIsABeanToo() {
		assertThat(jobOf(JobCall.of(Invoices::archive, "2026"), Invoices.class, SpecialInvoices.class))
			.isEqualTo("invoices.archive");
	}

	@Test
	void namesAJobByAnInterfaceOfTheBean() {
		assertThat(jobOf(JobCall.of(Mailer::send, "text"), SmtpMailer.class)).isEqualTo("smtpMailer.send");
	}

	@Test
	void namesAJobInAGenericSuperclass() {
		assertThat(jobOf(JobCall.of(StringImporter::load, "line"), StringImporter.class))
			.isEqualTo("stringImporter.load");
	}

	@Test
	void namesAJobThatOverridesAGenericMethod() {
		assertThat(jobOf(JobCall.of(NumberImporter::load, 1), NumberImporter.class)).isEqualTo("numberImporter.load");
	}

	@Test
	void readsTheSamePlaceOnce() {
		// given
		JobDefinitions definitions = scan(Reports.class);

		// when
		for (int i = 0; i < 3; i++) {
			JobMethod reference = place();

			// then
			assertThat(definitions.get(reference).name()).isEqualTo("reports.clean");
		}
	}

	@Test
	void refusesAReferenceInANativeImageWithTheCallByName() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), "-Dorg.graalvm.nativeimage.imagecode=runtime",
				InNativeImage.class.getName())
			.redirectErrorStream(true)
			.start();
		assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
			.contains("UnknownJobException: A native image does not keep which method a reference names")
			.contains("jobs.enqueue(\"reports.generate\", request)");
	}

	@Test
	void refusesALambda() {
		refuses(JobCall.of((Reports reports, String month) -> reports.generate(month), "march"), Reports.class)
			.withMessageContaining("A lambda names no job: write a method reference")
			.withMessageContaining("jobs.enqueue(\"reports.generate\", request)");
	}

	@Test
	void refusesALambdaWithoutArguments() {
		refuses(JobCall.of((Reports reports) -> reports.clean()), Reports.class)
			.withMessageContaining("A lambda names no job");
	}

	@Test
	void refusesAReferenceBoundToABean() {
		Reports reports = new Reports();
		JobMethod.Of1<String, String> bound = reports::describe;
		refuses(JobCall.of(bound, "a"), Reports.class).withMessageContaining("bound to an object")
			.withMessageContaining("Reports::generate");
	}

	@Test
	void refusesALambdaThatCapturesAVariable() {
		String captured = List.of("march").get(0);
		refuses(JobCall.of((Reports reports) -> reports.generate(captured)), Reports.class)
			.withMessageContaining("write the class instead");
	}

	@Test
	void refusesAStaticMethod() {
		refuses(JobCall.of(Reports::print, "march"), Reports.class)
			.withMessageContaining("'MethodReferenceTests.Reports.print' is static")
			.withMessageContaining("make it a method of a bean");
	}

	@Test
	void refusesAConstructor() {
		JobMethod.Of0<Reports> constructor = Letter::new;
		refuses(JobCall.of(constructor), Reports.class).withMessageContaining("A constructor is no job");
	}

	@Test
	void refusesAVarargsMethod() {
		JobMethod.Of1<Reports, String> varargs = Reports::join;
		refuses(JobCall.of(varargs, "a"), Reports.class)
			.withMessageContaining("A varargs method counts as a lambda too");
	}

	@Test
	void refusesAnUnannotatedMethod() {
		refuses(JobCall.of(Reports::helper, "a"), Reports.class)
			.withMessageContaining("'Reports::helper' names no job: add @BackgroundJob to the method");
	}

	@Test
	void refusesAClassWithoutABean() {
		refuses(JobCall.of(Reports::clean), Letter.class).withMessageContaining("'Reports::clean' names no job")
			.withMessageContaining("no bean of " + Reports.class.getName() + " is defined")
			.withMessageContaining("Add @Component");
	}

	@Test
	void refusesAnInterfaceWhoseImplementationIsNoBean() {
		refuses(JobCall.of(AnnotatedMailer::send, "a"), Letter.class).withMessageContaining("no bean of");
	}

	@Test
	void refusesAReferenceThatTwoJobsAnswerTo() {
		refuses(JobCall.of(Archived::archive, "2026"), Invoices.class, Orders.class)
			.withMessageContaining("names several jobs")
			.withMessageContaining("'invoices.archive', 'orders.archive'");
	}

	@Test
	void refusesAnObjectThatIsNoMethodReference() {
		JobMethod.Of0<Reports> own = new JobMethod.Of0<>() {

			@Override
			public void call(Reports bean) {
				bean.clean();
			}

		};
		refuses(JobCall.of(own), Reports.class).withMessageContaining("give the job's name instead");
	}

	@Test
	void refusesTwoBeansOfOneClass() {
		assertThatExceptionOfType(InvalidJobDefinitionsException.class).isThrownBy(() -> scan(TwoReports.class))
			.satisfies((ex) -> assertThat(ex.problems()).allSatisfy((problem) -> assertThat(problem).contains("'first'",
					"'second'", "make one of two beans of a class @Primary")));
	}

	@Test
	void takesThePrimaryOfTwoBeansOfOneClass() {
		// given
		JobDefinitions definitions = scan(PrimaryReports.class);

		// when
		JobDefinition job = definitions.get(method(JobCall.of(Reports::clean)));

		// then
		assertThat(job.beanName()).isEqualTo("second");
	}

	private static JobMethod place() {
		return method(JobCall.of(Reports::clean));
	}

	private static JobMethod method(JobCall call) {
		JobMethod method = call.method();
		assertThat(method).isNotNull();
		return method;
	}

	private static String jobOf(JobCall call, Class<?>... beans) {
		return scan(beans).get(method(call)).name();
	}

	private static org.assertj.core.api.ThrowableAssertAlternative<UnknownJobException> refuses(JobCall call,
			Class<?>... beans) {
		JobDefinitions definitions = scan(beans);
		return assertThatExceptionOfType(UnknownJobException.class).isThrownBy(() -> definitions.get(method(call)));
	}

	private static JobDefinitions scan(Class<?>... beans) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(beans)) {
			return new JobDefinitionScanner(context.getBeanFactory(),
					new JobDefaults(5, new BackoffPolicy(Duration.ofSeconds(3), 2, Duration.ofHours(1), 0)))
				.scan();
		}
	}

	static class InNativeImage {

		public static void main(String[] args) {
			jobOf(JobCall.of(Reports::clean), Reports.class);
		}

	}

	static class Reports {

		@BackgroundJob
		void clean() {
		}

		@BackgroundJob
		void generate(String month) {
		}

		@BackgroundJob
		void compare(String month, Long other) {
		}

		@BackgroundJob
		void merge(String month, Integer number, List<String> others) {
		}

		@BackgroundJob
		void repeat(int times) {
		}

		@BackgroundJob
		void measure(Number number) {
		}

		@BackgroundJob
		void read(String file) throws IOException {
			throw new IOException(file);
		}

		@BackgroundJob
		int count(String month) {
			return month.length();
		}

		@BackgroundJob
		void join(String... parts) {
		}

		void describe(String first, String second) {
		}

		void helper(@Nullable String text) {
		}

		static void print(Reports reports, String text) {
		}

	}

	static class Letter {

		Letter(Reports reports) {
		}

		Letter() {
		}

	}

	abstract static class Archived {

		@BackgroundJob
		void archive(String year) {
		}

	}

	static class Invoices extends Archived {

	}

	static class SpecialInvoices extends Invoices {

	}

	static class Orders extends Archived {

	}

	interface Mailer {

		void send(String text);

	}

	static class SmtpMailer implements Mailer {

		@Override
		@BackgroundJob
		public void send(String text) {
		}

	}

	interface AnnotatedMailer {

		@BackgroundJob
		void send(String text);

	}

	abstract static class Importer<T> {

		@BackgroundJob
		void load(T value) {
		}

	}

	static class StringImporter extends Importer<String> {

	}

	static class NumberImporter extends Importer<Integer> {

		@Override
		@BackgroundJob
		void load(Integer value) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoReports {

		@Bean
		Reports first() {
			return new Reports();
		}

		@Bean
		Reports second() {
			return new Reports();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryReports {

		@Bean
		Reports first() {
			return new Reports();
		}

		@Bean
		@Primary
		Reports second() {
			return new Reports();
		}

	}

}
