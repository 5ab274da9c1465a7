package dev.backgroundjobs.kubelet;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.EnqueuedJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Jobs of the packaged sample that run in pods, end to end.
 */
@TestMethodOrder(OrderAnnotation.class)
class KubernetesIT {

	private static Cluster cluster;

	@BeforeAll
	static void start() throws Exception {
		cluster = new Cluster("jobs", Map.of());
	}

	@AfterAll
	static void stop() throws Exception {
		if (cluster != null) {
			cluster.close();
		}
	}

	@Test
	void runsAJobInAPodWithEveryCharacterByteForByte() throws Exception {
		String text = "\"quoted\" 'single' \\ back\nnew\r\nline\ttab $ $$ $(HOME) $$(HOME) ${x} ${user.home} #{1+1} `id` %s"
				+ " Grüße, 日本語, 🦖, \u2028, \u0001";
		EnqueuedJob job = cluster.enqueue("note", text);
		assertThat(cluster.ends(job)).containsExactly("Complete");
		assertThat(cluster.runs(job)).containsExactly("run 1");
		assertThat(texts(job)).containsExactly(text);
	}

	@Test
	void bringsALargeMessageInASecret() throws Exception {
		String text = "Grüße $(HOME) ".repeat(15_000);
		EnqueuedJob job = cluster.enqueue("note", text);
		assertThat(cluster.client().secrets().inNamespace(Cluster.NAMESPACE).withName(cluster.names(job).get(0)).get())
			.satisfies((secret) -> assertThat(secret.getMetadata().getOwnerReferences())
				.extracting((owner) -> owner.getKind() + " " + owner.getName())
				.containsExactly("Job " + cluster.names(job).get(0)));
		assertThat(cluster.ends(job)).containsExactly("Complete");
		assertThat(texts(job)).containsExactly(text);
	}

	@Test
	void reportsALargeMessageThatKubernetesHasGivenUp() throws Exception {
		EnqueuedJob job = cluster.enqueue("crash", "large ".repeat(25_000));
		cluster.awaitRuns(job, "run 1", "dead 1");
	}

	@Test
	void retriesInAJobThatTheApplicationResumes() throws Exception {
		EnqueuedJob job = cluster.enqueue("retry", "again");
		cluster.awaitRuns(job, "run 1", "run 2");
		assertThat(cluster.ends(job)).containsExactly("Complete", "Complete");
		assertThat(cluster.jobs(job).get(1).getSpec().getSuspend()).as("was resumed").isFalse();
		assertThat(cluster.kubelet().pods(cluster.names(job).get(0))).hasSize(1);
	}

	@Test
	void neverRunsAgainWhatIsDeadAndReportsItOnce() throws Exception {
		EnqueuedJob job = cluster.enqueue("fail", "never");
		assertThat(cluster.ends(job)).containsExactly("PodFailurePolicy");
		assertThat(cluster.kubelet().pods(cluster.names(job).get(0))).extracting(PodRun::exitCode).containsExactly(65);
		// The pod itself says so.
		cluster.awaitRuns(job, "run 1", "dead 1");
	}

	@Test
	void opensNoPortInAPod() throws Exception {
		Path file = cluster.directory().resolve("ports");
		EnqueuedJob job = cluster.enqueue("wait", file.toString());
		cluster.awaitRuns(job, "run 1");
		PodRun pod = cluster.kubelet().pods(cluster.names(job).get(0)).get(0);
		assertThat(ListeningPorts.of(cluster.applicationPid())).as("the application's: HTTP and H2").hasSize(2);
		assertThat(ListeningPorts.of(pod.pid())).isEmpty();
		Files.createFile(file);
		assertThat(cluster.ends(job)).containsExactly("Complete");
		await().untilAsserted(() -> assertThat(cluster.runs(job)).containsExactly("run 1", "end 1"));
	}

	@Test
	void createsNothingWhenItIsCancelledWhileItRuns() throws Exception {
		EnqueuedJob job = cluster.enqueue("wait", cluster.directory().resolve("cancelled").toString());
		cluster.awaitRuns(job, "run 1");
		Job before = cluster.jobs(job).get(0);
		PodRun pod = cluster.kubelet().pods(before.getMetadata().getName()).get(0);
		assertThat(cluster.cancel(job)).isTrue();
		await().atMost(Duration.ofSeconds(60)).until(() -> !pod.isActive());
		assertThat(cluster.jobs(job)).isEmpty();
		assertThat(cluster.runs(job)).containsExactly("run 1");
		assertThat(cluster.cancel(job)).as("again").isFalse();
	}

	@Test
	void computesPiInAContainerThatIsNotOurs() throws Exception {
		Perl.require();
		HttpResponse<byte[]> accepted = cluster.http().post("/pi?digits=700", "application/json", new byte[0]);
		assertThat(accepted.statusCode()).isEqualTo(202);
		JsonNode done = cluster.http().awaitFinal(accepted.headers().firstValue("Location").orElseThrow());
		assertThat(done.get("state").asString()).isEqualTo("done");
		assertThat(done.get("result").asString()).hasSize(701)
			.startsWith("3.14159265358979323846")
			.endsWith("1050792279689258924");
		Job job = cluster.client()
			.batch()
			.v1()
			.jobs()
			.inNamespace(Cluster.NAMESPACE)
			.withLabel("backgroundjobs.dev/job", "pi.compute")
			.list()
			.getItems()
			.get(0);
		assertThat(job.getSpec().getTemplate().getSpec().getContainers().get(0)).satisfies((container) -> {
			assertThat(container.getImage()).isEqualTo("perl:5.34");
			assertThat(container.getCommand()).containsExactly("perl", "-Mbignum=bpi", "-wle", "print bpi(700)");
		});
	}

	/**
	 * Comes last: looks at what the others have asked for.
	 */
	@Test
	@Order(Integer.MAX_VALUE)
	void asksForAllThatItsRolesAllowAndNothingElse() throws Exception {
		assertThat(cluster.server().rules()).containsExactlyInAnyOrderElementsOf(DeploymentFiles.rules());
	}

	private static List<String> texts(EnqueuedJob job) {
		return cluster.database()
			.sql("SELECT text FROM pod_run WHERE job_id = ?")
			.param(job.id())
			.query(String.class)
			.list();
	}

}
