package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import dev.backgroundjobs.JobException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a container gets that is not ours.
 */
class ForeignContainerTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static Container container(Job job) {
		return job.getSpec().getTemplate().getSpec().getContainers().get(0);
	}

	private static Container container(ManifestFixture fixture) {
		return container(fixture.manifest().job());
	}

	@Test
	void computesPi() {
		Container container = container(new ManifestFixture(Pi.class).args("[2000]"));
		assertThat(container.getImage()).isEqualTo("perl:5.40");
		assertThat(KubernetesExpansion.words(container)).containsExactly("perl", "-Mbignum=bpi", "-wle",
				"print bpi(2000)");
	}

	@Test
	void hasTheArgumentsAndTheMessageAndNothingElseOfOurs() {
		ManifestFixture fixture = new ManifestFixture(Pi.class).args("[2000]").with("queues.heavy.env.TZ=UTC");
		fixture.environment.setActiveProfiles("cloud");
		Map<String, String> environment = KubernetesExpansion.environment(container(fixture));
		assertThat(environment).containsOnlyKeys("JOBS_MESSAGE", "JOBS_ARG_DIGITS", "TZ")
			.containsEntry("JOBS_ARG_DIGITS", "2000")
			.containsEntry("JOBS_MESSAGE", fixture.encoded().text());
	}

	@Test
	void getsNothingThatIsSetForThisApplication() {
		ManifestFixture fixture = new ManifestFixture(Pi.class).args("[2000]")
			.with("env.PASSWORD=secret", "env-from-secrets=database", "env-from-config-maps=app", "service-account=app",
					"volumes[0].name=keys", "volumes[0].mount-path=/keys", "volumes[0].secret=keys");
		PodSpec pod = fixture.manifest().job().getSpec().getTemplate().getSpec();
		Container container = pod.getContainers().get(0);
		assertThat(container.getEnv()).extracting(EnvVar::getName).doesNotContain("PASSWORD");
		assertThat(container.getEnvFrom()).isEmpty();
		assertThat(container.getVolumeMounts()).isEmpty();
		assertThat(pod.getVolumes()).isEmpty();
		assertThat(pod.getServiceAccountName()).isNull();
		assertThat(pod.getAutomountServiceAccountToken()).isFalse();
	}

	@Test
	void getsNothingThatATemplateForAllQueuesHasForThisApplication() {
		String template = "template=classpath:dev/backgroundjobs/adapter/kubernetes/gpu-job.yaml";
		ManifestFixture all = new ManifestFixture(Pi.class).args("[2000]").with(template, "container=main");
		PodSpec pod = all.manifest().job().getSpec().getTemplate().getSpec();
		Container container = pod.getContainers().get(0);
		assertThat(container.getEnv()).extracting(EnvVar::getName).doesNotContain("MODELS", "NODE");
		assertThat(container.getVolumeMounts()).isEmpty();
		assertThat(pod.getServiceAccountName()).isNull();
		assertThat(pod.getAutomountServiceAccountToken()).isFalse();
		assertThat(pod.getPriorityClassName()).as("what a cluster asks of all pods").isEqualTo("batch");
		ManifestFixture own = new ManifestFixture(Pi.class).args("[2000]")
			.with("queues.heavy." + template, "container=main");
		assertThat(own.manifest().job().getSpec().getTemplate().getSpec().getServiceAccountName()).isEqualTo("gpu");
		assertThat(container(own).getVolumeMounts()).hasSize(2);
	}

	@Test
	void getsTheAccountThatIsSetForItsQueue() {
		PodSpec pod = new ManifestFixture(Pi.class).args("[2000]")
			.with("queues.heavy.service-account=perl")
			.manifest()
			.job()
			.getSpec()
			.getTemplate()
			.getSpec();
		assertThat(pod.getServiceAccountName()).isEqualTo("perl");
		assertThat(pod.getAutomountServiceAccountToken()).isNull();
	}

	@Test
	void knowsFieldsOfRecordsAndLeavesOtherBraces() {
		Container container = container(new ManifestFixture(Render.class)
			.args("[{\"id\":7,\"title\":\"a $(HOME) {page}\",\"tags\":[\"x\"]},null]"));
		assertThat(KubernetesExpansion.words(container)).containsExactly("render", "--id=7", "a $(HOME) {page}",
				"{\"json\": {}}", "[\"x\"]", "${title}", "{unknown}", "[]");
		assertThat(KubernetesExpansion.environment(container)).containsEntry("TITLE", "<a $(HOME) {page}>")
			.containsEntry("COPY", "7")
			.containsEntry("JOBS_ARG_PAGE_REQUEST", "{\"id\":7,\"title\":\"a $(HOME) {page}\",\"tags\":[\"x\"]}")
			.containsEntry("JOBS_ARG_FORMAT", "");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "1.10 | 1.10", "12345678901234567890123 | 12345678901234567890123", "true | true", "null | ``",
					"\"$$(A)\" | $$(A)", "\"it's\\n\" | `it's\n`", "[1,2] | [1,2]", "{\"a\":1.0} | {\"a\":1.0}" })
	void givesAnArgumentAsTextOrElseAsJson(String json, String text) {
		Container container = container(new ManifestFixture(Echo.class).args("[" + json + "]"));
		assertThat(KubernetesExpansion.environment(container)).containsEntry("JOBS_ARG_VALUE", text);
		assertThat(KubernetesExpansion.words(container)).containsExactly("echo", text);
	}

	@Test
	void anyTextArrivesAsItIs() {
		long seed = 1_414_213;
		Random random = new Random(seed);
		String[] pieces = { "$", "(", ")", "{", "}", "{value}", "$(JOBS_MESSAGE)", "'", "\"", "\\", "\n", "-", "ü",
				"🐻", " " };
		for (int i = 0; i < 300; i++) {
			StringBuilder text = new StringBuilder();
			IntStream.range(0, random.nextInt(40)).forEach((n) -> text.append(pieces[random.nextInt(pieces.length)]));
			Container container = container(
					new ManifestFixture(Echo.class).args(JSON.writeValueAsString(new String[] { text.toString() })));
			assertThat(KubernetesExpansion.words(container)).as("seed %d, text %d", seed, i)
				.containsExactly("echo", text.toString());
			assertThat(KubernetesExpansion.environment(container)).as("seed %d, text %d", seed, i)
				.containsEntry("JOBS_ARG_VALUE", text.toString());
		}
	}

	@ParameterizedTest
	@CsvSource({ "digits, JOBS_ARG_DIGITS", "orderId, JOBS_ARG_ORDER_ID", "aURLPath, JOBS_ARG_A_URL_PATH",
			"page2, JOBS_ARG_PAGE2", "page2Size, JOBS_ARG_PAGE2_SIZE", "order_id, JOBS_ARG_ORDER_ID",
			"größe, JOBS_ARG_GR__E" })
	void namesVariablesAsVariablesAreNamed(String parameter, String variable) {
		assertThat(JobArguments.variable(parameter)).isEqualTo(variable);
	}

	@Test
	void hasKubernetesCountTheAttempts() {
		Job job = new ManifestFixture(Pi.class).args("[1]")
			.with("backoff-limit=9")
			.timeout(Duration.ofMinutes(2))
			.manifest()
			.job();
		assertThat(job.getSpec().getBackoffLimit()).isEqualTo(4);
		assertThat(job.getSpec().getTemplate().getSpec().getActiveDeadlineSeconds()).isEqualTo(120);
		assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo((120 + 300 + 40) * 5);
		assertThat(job.getSpec().getPodFailurePolicy().getRules()).singleElement()
			.satisfies((rule) -> assertThat(rule.getAction()).isEqualTo("Ignore"));
	}

	@Test
	void hasTheAttemptsThatAreLeft() {
		Job job = new ManifestFixture(Pi.class).message(ManifestFixture.message("pi.compute", "[1]").attempt(4))
			.manifest()
			.job();
		assertThat(job.getSpec().getBackoffLimit()).isEqualTo(1);
	}

	@Test
	void runsThisApplicationToPassOnWhatAnotherBackendIsToHave() {
		Container container = container(
				new ManifestFixture(Pi.class).message(ManifestFixture.message("pi.compute", "[1]").relay(true)));
		assertThat(container.getImage()).isEqualTo("app:1");
		assertThat(container.getCommand()).isEmpty();
	}

	@Test
	void anImageOrACommandAloneIsThisApplicationStill() {
		assertThat(KubernetesExpansion.environment(container(new ManifestFixture(OtherImage.class))))
			.containsKey("JOBS_KUBERNETES_JOB");
		assertThat(KubernetesExpansion.words(container(new ManifestFixture(OtherCommand.class).args("[1]"))))
			.containsExactly("java", "-cp", "app.jar", "{digits}");
	}

	@Test
	void putsNothingButNumbersIntoAScriptWhateverArrives() {
		ManifestFixture fixture = new ManifestFixture(Script.class);
		assertThat(KubernetesExpansion.words(container(fixture.args("[7]")))).containsExactly("sh", "-c",
				"seq 7 | wc -l");
		assertThatExceptionOfType(JobException.class).isThrownBy(() -> fixture.args("[\"7; id\"]").manifest())
			.withMessage("Argument 'count' is no number or boolean, and would become a part of a script: read it from "
					+ "variable JOBS_ARG_COUNT, in a shell as \"$JOBS_ARG_COUNT\"");
	}

	@Test
	void refusesAnArgumentThatNoProcessTakes() {
		ManifestFixture fixture = new ManifestFixture(Echo.class).args("[\"" + "x".repeat(131_072) + "\"]");
		assertThatExceptionOfType(JobException.class).isThrownBy(fixture::manifest)
			.withMessage("Job 'pi.compute' would have a command of 131072 bytes, and a container takes 128 KiB: store "
					+ "what is large, and give its place as the argument");
	}

	@Test
	void refusesAnArgumentThatEndsATextEarly() {
		ManifestFixture fixture = new ManifestFixture(Echo.class).args("[\"a\\u0000b\"]");
		assertThatExceptionOfType(JobException.class).isThrownBy(fixture::manifest)
			.withMessageContaining("with a NUL, which no process takes");
	}

	@Test
	void aPodThatStartsItsContainerAgainHasTheTimeOfTheJob() {
		Job job = new ManifestFixture(Pi.class).args("[1]")
			.with("restart-policy=on-failure")
			.timeout(Duration.ofMinutes(2))
			.manifest()
			.job();
		assertThat(job.getSpec().getTemplate().getSpec().getActiveDeadlineSeconds()).isNull();
		assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo((120 + 300 + 40) * 5);
		assertThat(job.getSpec().getPodFailurePolicy()).isNull();
	}

	@Test
	void aLargeMessageOfSmallArgumentsIsAFile() {
		KubernetesManifest manifest = new ManifestFixture(Pi.class)
			.message(ManifestFixture.message("pi.compute", "[1]").headers(Map.of("note", "x".repeat(110_000))))
			.manifest();
		assertThat(manifest.secret()).isNotNull();
		assertThat(KubernetesExpansion.environment(container(manifest.job()))).containsKeys("JOBS_MESSAGE_FILE",
				"JOBS_ARG_DIGITS");
	}

	static class Pi {

		@KubernetesJob(image = "perl:5.40", command = { "perl", "-Mbignum=bpi", "-wle", "print bpi({digits})" })
		void run(int digits) {
		}

	}

	record Page(int id, String title, List<String> tags) {
	}

	static class Render {

		@KubernetesJob(image = "render:1",
				command = { "render", "--id={pageRequest.id}", "{pageRequest.title}", "{\"json\": {}}" },
				args = { "{pageRequest.tags}", "${title}", "{unknown}", "[{pageRequest.missing}]" },
				env = { "TITLE=<{pageRequest.title}>", "COPY={pageRequest.id}" })
		void run(Page pageRequest, String format) {
		}

	}

	static class Echo {

		@KubernetesJob(image = "busybox:1", command = { "echo", "{value}" })
		void run(Object value) {
		}

	}

	static class Script {

		@KubernetesJob(image = "busybox:1", command = { "sh", "-c", "seq {count} | wc -l" })
		void run(int count) {
		}

	}

	static class OtherImage {

		@KubernetesJob(image = "app-with-gpu:1")
		void run() {
		}

	}

	static class OtherCommand {

		@KubernetesJob(command = { "java", "-cp", "app.jar", "{digits}" })
		void run(int digits) {
		}

	}

}
