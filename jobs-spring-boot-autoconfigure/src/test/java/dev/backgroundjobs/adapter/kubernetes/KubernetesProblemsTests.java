package dev.backgroundjobs.adapter.kubernetes;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

import dev.backgroundjobs.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is refused when the application starts.
 */
class KubernetesProblemsTests {

	private static final String TEMPLATES = "template=classpath:dev/backgroundjobs/adapter/kubernetes/";

	@Test
	void takesWhatKubernetesTakes() {
		assertThat(new ManifestFixture(Plain.class)
			.with("cpu-request=0.5", "cpu-limit=500m", "memory-request=1e9", "memory-limit=1G", "labels.team=",
					"labels.[example.org/a]=B_c.9", "annotations.[a.b/c]=any: 'thing'", "env.[a.b-c]=x",
					"ttl-after-finished=1d", "backoff-limit=0", "tolerations[0].operator=Exists",
					"queues.other.suspend=true", "service-account=a.b", "active-deadline=10m")
			.timeout(Duration.ofMinutes(10))
			.problems()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"cpu-request=1 core | Property 'jobs.kubernetes.cpu-request' '1 core' is no quantity: give a number, with a unit",
			"queues.heavy.memory-limit=1Gib | Property 'jobs.kubernetes.queues.heavy.memory-limit' '1Gib' is no quantity",
			"memory-limit=512 | Property 'jobs.kubernetes.memory-limit' '512' is below 1Mi, which no container runs with",
			"queues.unused.memory-limit=-1Gi | 'jobs.kubernetes.queues.unused.memory-limit' '-1Gi' is below 0",
			"ttl-after-finished=1h | Property 'jobs.kubernetes.ttl-after-finished' 'PT1H' is below 1 day",
			"ttl-after-finished=36500d | 'P",
			"backoff-limit=-1 | Property 'jobs.kubernetes.backoff-limit' '-1' is below 0: give 0 or more",
			"active-deadline=0s | Property 'jobs.kubernetes.active-deadline' 'PT0S' is not above 0",
			"termination-grace-period=-1s | Property 'jobs.kubernetes.termination-grace-period' 'PT-1S' is not above 0",
			"namespace=My.Jobs | Property 'jobs.kubernetes.namespace' 'My.Jobs' is no name that Kubernetes takes here",
			"container=A | Property 'jobs.kubernetes.container' 'A' is no name that Kubernetes takes here",
			"service-account=a_b | Property 'jobs.kubernetes.service-account' 'a_b' is no name of an object",
			"image-pull-secrets[0]=a_b | Property 'jobs.kubernetes.image-pull-secrets' 'a_b' is no name of an object",
			"env-from-config-maps[0]=a_b | Property 'jobs.kubernetes.env-from-config-maps' 'a_b' is no name of an object",
			"env-from-secrets[0]=a_b | Property 'jobs.kubernetes.env-from-secrets' 'a_b' is no name of an object",
			"image=app 1 | Property 'jobs.kubernetes.image' 'app 1' is no image",
			"env.[1A]=b | Property 'jobs.kubernetes.env' '1A' is no name of a variable",
			"env.JOBS_MESSAGE=b | Property 'jobs.kubernetes.env' 'JOBS_MESSAGE' is set by this library: remove it",
			"labels.[a/b/c]=d | Property 'jobs.kubernetes.labels' 'a/b/c' is no key",
			"labels.class=A::B | Property 'jobs.kubernetes.labels.class' 'A::B' is no value of a label",
			"labels.[backgroundjobs.dev/job]=d | 'backgroundjobs.dev/job' is set by this library, which finds its Jobs by it",
			"node-selector.disk=a b | Property 'jobs.kubernetes.node-selector.disk' 'a b' is no value of a label",
			"annotations.[-a]=d | Property 'jobs.kubernetes.annotations' '-a' is no key",
			"tolerations[0].value=d | Property 'jobs.kubernetes.tolerations' has no key: give one, or operator Exists",
			"tolerations[0].operator=In | has operator 'In': give Equal or Exists",
			"tolerations[0].key=a b | Property 'jobs.kubernetes.tolerations.key' 'a b' is no key",
			"tolerations[0].value=a b | Property 'jobs.kubernetes.tolerations.value' 'a b' is no value of a label",
			"volumes[0].sub-path=/a | has sub-path '/a': give a path within the volume, without a slash before it",
			"volumes[0].sub-path=a/../b | has sub-path 'a/../b': give a path within the volume",
			"volumes[0].name=A | Property 'jobs.kubernetes.volumes' 'A' is no name that Kubernetes takes here",
			"volumes[0].name=a | Property 'jobs.kubernetes.volumes' 'a' has mount-path 'null': give an absolute path",
			"volumes[0].name=a | Property 'jobs.kubernetes.volumes' 'a' has 0 sources: give exactly one of config-map",
			"volumes[0].name=jobs-message | 'jobs-message' is there twice, or is the one with the message" })
	void refusesWhatKubernetesWouldRefuse(String property, String problem) {
		assertThat(new ManifestFixture(Plain.class).with(property).problems())
			.anyMatch((found) -> found.contains(problem));
	}

	@Test
	void refusesAVolumeFromTwoSources() {
		assertThat(new ManifestFixture(Plain.class)
			.with("volumes[0].name=a", "volumes[0].mount-path=/a", "volumes[0].secret=b", "volumes[0].empty-dir=true")
			.problems())
			.containsExactly("Property 'jobs.kubernetes.volumes' 'a' has 2 sources: give exactly one of "
					+ "config-map, secret, persistent-volume-claim and empty-dir");
	}

	@Test
	void refusesAnnotationsThatTakeAllThatAnObjectMayHave() {
		assertThat(new ManifestFixture(Plain.class).with("annotations.a=" + "x".repeat(140_000)).problems())
			.singleElement()
			.asString()
			.startsWith("Property 'jobs.kubernetes.annotations' have 140001 bytes, where Kubernetes takes 256 KiB");
	}

	@Test
	void refusesARequestAboveTheLimitOfAnotherLayer() {
		assertThat(new ManifestFixture(Plain.class).with("memory-limit=1Gi", "queues.heavy.memory-request=1100Mi")
			.problems()).containsExactly(
					"Job 'pi.compute' requests memory 1100Mi and is limited to 1Gi: raise memory-limit, or lower "
							+ "memory-request, of 'jobs.kubernetes', 'jobs.kubernetes.queues.heavy', @KubernetesJob or "
							+ "the template");
	}

	@Test
	void refusesAJobOfKueueOnAQueueThatDelays() {
		assertThat(new ManifestFixture(Queued.class).problems()).singleElement()
			.asString()
			.startsWith("Job 'pi.compute' has label 'kueue.x-k8s.io/queue-name' of @KubernetesJob or a template: Kueue "
					+ "starts a Job whenever there is room, so that its queue cannot delay");
		assertThat(new ManifestFixture(Queued.class).with("queues.heavy.suspend=true").problems()).isEmpty();
	}

	@Test
	void refusesTwoVolumesInOnePlace() {
		assertThat(new ManifestFixture(Plain.class)
			.with("volumes[0].name=a", "volumes[0].mount-path=/data", "volumes[0].empty-dir=true",
					"queues.heavy.volumes[0].name=b", "queues.heavy.volumes[0].mount-path=/data",
					"queues.heavy.volumes[0].secret=b")
			.problems())
			.containsExactly("Job 'pi.compute' has volumes 'a' and 'b' at '/data': give one of them another "
					+ "mount-path, or both the same name");
	}

	@Test
	void refusesADeadlineShorterThanTheTimeout() {
		assertThat(new ManifestFixture(Plain.class).with("active-deadline=2h", "queues.heavy.active-deadline=9m")
			.timeout(Duration.ofMinutes(10))
			.problems())
			.containsExactly("Property 'jobs.kubernetes.queues.heavy.active-deadline' is PT9M, which is "
					+ "shorter than the timeout of job 'pi.compute', PT10M: give more, or none to have it derived from "
					+ "the timeout and the number of pods");
	}

	@Test
	void refusesToBeWithoutAnImageOutsideOfAPod() {
		ManifestFixture fixture = new ManifestFixture(Plain.class).without("image");
		assertThat(fixture.problems())
			.containsExactly("Queue 'heavy' has no image, and this application runs in no pod "
					+ "to take it from: set 'jobs.kubernetes.image'");
		fixture.environment.setProperty("KUBERNETES_SERVICE_HOST", "10.0.0.1");
		assertThat(fixture.problems()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "missing.yaml | which does not exist: give the location of a YAML file of a Job",
					"pod.yaml | which is a Pod of v1: give a Job of batch/v1",
					"typo.yaml | which has fields that no Job has: backofLimit, contaners. Look for a misspelt name",
					"several.yaml | which asks for several pods, each of which would run the same message",
					"selector.yaml | which has a selector, which Kubernetes chooses itself",
					"namespace.yaml | which has namespace 'other', which is said elsewhere",
					"always.yaml | which has restartPolicy Always, which a Job cannot have: give Never or OnFailure",
					"indexed.yaml | which has completionMode Indexed, whose indexes are for several pods",
					"text.yaml | which cannot be read as a Job",
					"gpu-job.yaml | The template has containers [main, logs]: name the one that runs jobs in" })
	void refusesATemplateThatIsNoJob(String template, String problem) {
		assertThat(new ManifestFixture(Plain.class).with(TEMPLATES + template).problems()).singleElement()
			.asString()
			.contains(problem);
	}

	@Test
	void refusesTheTemplateOfAQueueThatNoJobIsOn() {
		assertThat(new ManifestFixture(Plain.class).with("queues.dead." + TEMPLATES + "missing.yaml").problems())
			.singleElement()
			.asString()
			.startsWith("Property 'jobs.kubernetes.queues.dead.template' is ")
			.contains("which does not exist");
	}

	@Test
	void refusesATemplateWhoseFailedJobsAreGoneBeforeTheyAreReported() {
		ManifestFixture fixture = new ManifestFixture(Plain.class).with(TEMPLATES + "short-lived.yaml");
		assertThat(fixture.problems())
			.containsExactly("Job 'pi.compute' has ttlSecondsAfterFinished 60 of its template, which is below 1 day: a "
					+ "failed Job must be there until it is reported as dead. Give 86400 or more, or none for 7 days");
		assertThat(fixture.with("queues.heavy.ttl-after-finished=1d").problems()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(classes = { Plain.class, Held.class })
	void refusesASuspendedJobOnAQueueThatDelays(Class<?> type) {
		ManifestFixture fixture = new ManifestFixture(type).with(TEMPLATES + "suspended.yaml");
		assertThat(fixture.problems())
			.containsExactly("Job 'pi.compute' is suspended by @KubernetesJob or a template: whoever resumes it knows "
					+ "nothing of its time, so that its queue cannot delay; set 'suspend: true' for "
					+ "'jobs.kubernetes.queues.heavy'");
		assertThat(fixture.with("queues.heavy.suspend=true").problems()).isEmpty();
	}

	@Test
	void saysThatNoContainerOfTheTemplateHasTheName() {
		assertThat(new ManifestFixture(Plain.class).with(TEMPLATES + "gpu-job.yaml", "container=web").problems())
			.containsExactly("The template has containers [main, logs] and none called 'web': name the one that runs "
					+ "jobs in 'jobs.kubernetes.container'");
	}

	@Test
	void namesTheAnnotationAndItsAttribute() {
		assertThat(new ManifestFixture(WrongAnnotation.class).problems()).containsExactly(
				"@KubernetesJob of job 'pi.compute': cpuRequest 'much' is no quantity: give a number, with a unit "
						+ "perhaps, as in 500m or 2 (CPU), 512Mi or 2Gi (memory)",
				"@KubernetesJob of job 'pi.compute': ttlAfterFinished 'PT2H' is below 1 day, or above 68 years: a failed "
						+ "Job must be there until it is reported as dead. Give 1d or more");
	}

	@Test
	void saysWhatCannotBeRead() {
		assertThat(new ManifestFixture(WrongNumber.class).problems()).containsExactly(
				"@KubernetesJob of job 'pi.compute': 'backoff-limit' is 'many', which cannot be read as Integer");
		assertThat(new ManifestFixture(WrongPolicy.class).problems()).containsExactly(
				"@KubernetesJob of job 'pi.compute': 'restart-policy' is 'always', which cannot be read as "
						+ "one of never, on-failure");
		assertThat(new ManifestFixture(WrongEnv.class).problems())
			.containsExactly("@KubernetesJob of job 'pi.compute': env has 'TZ': give name=value");
		assertThat(new ManifestFixture(WrongPlaceholder.class).problems()).singleElement()
			.asString()
			.startsWith("@KubernetesJob of job 'pi.compute': ")
			.contains("nowhere");
	}

	@Test
	void findsAllProblemsAtOnce() {
		assertThat(new ManifestFixture(WrongAnnotation.class).with("backoff-limit=-1", "queues.heavy.cpu-limit=x")
			.problems()).hasSize(4);
	}

	@Test
	void refusesAnIterationAsAContainer() {
		assertThat(new ManifestFixture(Numbers.class).iteration().problems()).singleElement()
			.asString()
			.endsWith("an Iteration is run by this application only. Remove one of the two, or have the method return "
					+ "nothing");
	}

	@Test
	void refusesWhatSomebodyCouldRun() {
		assertThat(new ManifestFixture(Injection.class).problems()).hasSize(6)
			.contains(
					"@KubernetesJob of job 'pi.compute' has an image and a command, which run in place of the method: "
							+ "{name} stands in a script, and is no number or boolean: whatever somebody enqueues would be run. "
							+ "Read it from the variable, in a shell as \"$JOBS_ARG_NAME\" with the quotation marks")
			.anyMatch((problem) -> problem.contains("{page.title} stands in a script"))
			.anyMatch((problem) -> problem.contains("{page.unknown} stands in a script"))
			.anyMatch((problem) -> problem.contains("$(JOBS_ARG_NAME) stands in a script"))
			.anyMatch((problem) -> problem.contains("$(JOBS_MESSAGE) stands in a script"));
	}

	@Test
	void refusesAFieldThatARecordDoesNotHave() {
		assertThat(new ManifestFixture(WrongField.class).problems()).singleElement()
			.asString()
			.endsWith("{page.titel} would be nothing: Page has no 'titel', but number, title");
	}

	@Test
	void refusesArgumentsOfAnImageWithoutACommandThatNobodyReplaces() {
		assertThat(new ManifestFixture(ImageAlone.class).problems()).singleElement()
			.asString()
			.startsWith("@KubernetesJob of job 'pi.compute' has image 'pandoc/core:3' and no command")
			.contains("whose arguments have no {file}. Give the command as well");
	}

	@Test
	void warnsOfAnImageWithoutACommand() {
		try (CapturedLog log = new CapturedLog()) {
			assertThat(new ManifestFixture(OtherImage.class).problems()).isEmpty();
			assertThat(log.lines()).singleElement()
				.asString()
				.contains("has image 'app-gpu:1' and no command, so that it is taken for an image of this application");
		}
	}

	@Test
	void warnsOfEncryptedMessagesWhoseArgumentsAContainerGetsInPlainText() {
		try (CapturedLog log = new CapturedLog()) {
			ManifestFixture fixture = new ManifestFixture(Numbers.class);
			fixture.environment.setProperty("jobs.encryption.key-id", "e1");
			assertThat(fixture.problems()).isEmpty();
			assertThat(log.lines()).singleElement().asString().contains("the arguments of job 'pi.compute' are not");
		}
	}

	@Test
	void warnsOfAGracePeriodThatEndsBeforeTheApplicationDoes() {
		try (CapturedLog log = new CapturedLog()) {
			assertThat(new ManifestFixture(Plain.class).with("queues.heavy.termination-grace-period=5s").problems())
				.isEmpty();
			assertThat(log.lines()).singleElement()
				.asString()
				.contains(
						"Property 'jobs.kubernetes.queues.heavy.termination-grace-period' is PT5S, and the application "
								+ "may take PT30S to stop");
		}
	}

	@Test
	void takesNumbersInScriptsAndAnythingElsewhere() {
		assertThat(new ManifestFixture(Numbers.class).problems()).isEmpty();
	}

	@Test
	void leavesTheNumberOfPodsToMaxAttempts() {
		assertThat(new ManifestFixture(Limited.class).problems()).singleElement()
			.asString()
			.endsWith("backoffLimit is 3, and the number of pods is maxAttempts there. Remove it, and set maxAttempts "
					+ "of @BackgroundJob");
	}

	@Test
	void refusesTwoParametersOfOneVariable() {
		assertThat(new ManifestFixture(Twins.class).problems()).singleElement()
			.asString()
			.endsWith("parameters 'orderId' and 'order_id' are both variable JOBS_ARG_ORDER_ID. Rename one");
	}

	@Test
	void warnsOfPlaceholdersThatAreNearlyParameters() {
		try (CapturedLog log = new CapturedLog()) {
			assertThat(new ManifestFixture(Typos.class).problems()).isEmpty();
			assertThat(log.lines()).extracting((line) -> line.replaceFirst(".*the method: ", ""))
				.containsExactly("{digit} is no parameter of it and stays as it is: did you mean 'digits'?",
						"{digtis} is no parameter of it and stays as it is: did you mean 'digits'?",
						"{digitz} is no parameter of it and stays as it is: did you mean 'digits'?",
						"{Digits} is no parameter of it and stays as it is: did you mean 'digits'?");
		}
	}

	static class Held {

		@KubernetesJob(suspend = "true")
		void run() {
		}

	}

	static class Plain {

		void run() {
		}

	}

	static class WrongAnnotation {

		@KubernetesJob(cpuRequest = "much", ttlAfterFinished = "2h")
		void run() {
		}

	}

	static class WrongNumber {

		@KubernetesJob(backoffLimit = "many")
		void run() {
		}

	}

	static class WrongPolicy {

		@KubernetesJob(restartPolicy = "always")
		void run() {
		}

	}

	static class WrongEnv {

		@KubernetesJob(env = "TZ")
		void run() {
		}

	}

	static class WrongPlaceholder {

		@KubernetesJob(image = "${nowhere}")
		void run() {
		}

	}

	record Page(int number, String title) {
	}

	static class Injection {

		@KubernetesJob(image = "busybox:1",
				command = { "sh", "-c", "echo {name} {page.title} {page.number} {page.unknown}; "
						+ "echo $(JOBS_ARG_NAME) $(JOBS_MESSAGE) $$(JOBS_ARG_PAGE) \"$JOBS_ARG_NAME\" ${name}" },
				args = { "{name}", "{page}" })
		void run(String name, Page page) {
		}

	}

	static class Numbers {

		@KubernetesJob(image = "busybox:1", command = { "sh", "-c", "echo {a} {b} {c} {page.number} $(JOBS_ARG_A)" },
				args = "{text}", env = "TEXT={text}")
		void run(int a, BigDecimal b, Boolean c, Page page, List<String> text) {
		}

	}

	static class WrongField {

		@KubernetesJob(image = "busybox:1", command = { "echo", "{page.titel}", "{page.Title}" })
		void run(Page page) {
		}

	}

	static class ImageAlone {

		@KubernetesJob(image = "pandoc/core:3", args = { "{file}", "-o", "x.pdf" })
		void run(String file) {
		}

	}

	static class OtherImage {

		@KubernetesJob(image = "app-gpu:1", args = "--threads={threads}")
		void run(String file) {
		}

	}

	static class Queued {

		@KubernetesJob(labels = KubernetesNames.KUEUE + "=team")
		void run() {
		}

	}

	static class Limited {

		@KubernetesJob(image = "busybox:1", command = "true", backoffLimit = "3")
		void run() {
		}

	}

	static class Twins {

		@KubernetesJob(image = "busybox:1", command = "true")
		void run(String orderId, String order_id) {
		}

	}

	static class Typos {

		@KubernetesJob(image = "busybox:1",
				command = { "echo", "{digit} {digtis} {digitz} {Digits} {other} {digits} {dig}" })
		void run(int digits) {
		}

	}

}
