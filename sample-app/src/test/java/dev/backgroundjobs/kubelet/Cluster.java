package dev.backgroundjobs.kubelet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.crash.PackagedSample;
import dev.backgroundjobs.sample.PaperworkClient;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged sample as an application, and a cluster that runs the same image for its
 * jobs. Application, pods and test share one H2.
 */
final class Cluster implements AutoCloseable {

	static final String NAMESPACE = "jobs";

	private static final String POD = "paperwork-0";

	private static final String IMAGE = "paperwork:test";

	private static final String ADDED = "dev.backgroundjobs.kubelet.application.PodJobsConfiguration";

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final ApiServer server = new ApiServer();

	private final KubernetesClient client = this.server.client();

	private final Path directory;

	private final Kubelet kubelet;

	private final PaperworkProcess application;

	private final JdbcClient database;

	private final PaperworkClient http;

	/**
	 * Start the application and the cluster.
	 * @param name a name of its own, for its directory
	 * @param variables what the application and its pods have besides
	 */
	Cluster(String name, Map<String, String> variables) throws IOException, InterruptedException {
		this.directory = Path.of("target", "kubelet", name).toAbsolutePath();
		FileSystemUtils.deleteRecursively(this.directory);
		Path data = Files.createDirectories(this.directory.resolve("data"));
		PackagedSample sample = PackagedSample.get();
		this.kubelet = new Kubelet(this.server, this.directory.resolve("pods"),
				Map.of(IMAGE, sample.command(ADDED, List.of()), "perl:5.34", List.of()));
		// Of the application and of pods alike, which create Jobs themselves.
		Map<String, String> shared = new HashMap<>(variables);
		shared.putAll(Map.of("SPRING_PROFILES_ACTIVE", "kubernetes", "PAPERWORK_STORAGE", data.toString(),
				"JOBS_KUBERNETES_ENVFROMCONFIGMAPS", "paperwork",
				// How long a job has that does not hear that it is to stop.
				"SPRING_LIFECYCLE_TIMEOUTPERSHUTDOWNPHASE", "2s"));
		this.client.configMaps()
			.inNamespace(NAMESPACE)
			.resource(new ConfigMapBuilder().withNewMetadata()
				.withName("paperwork")
				.endMetadata()
				.withData(shared)
				.build())
			.create();
		// The application is no pod of the double's, and has one all the same: its image
		// is that of jobs.
		this.client.pods()
			.inNamespace(NAMESPACE)
			.resource(new PodBuilder().withNewMetadata()
				.withName(POD)
				.endMetadata()
				.withNewSpec()
				.addNewContainer()
				.withName("paperwork")
				.withImage(IMAGE)
				.endContainer()
				.endSpec()
				.build())
			.create();
		Map<String, String> own = new HashMap<>(shared);
		own.putAll(this.kubelet.cluster());
		own.putAll(Map.of("KUBERNETES_NAMESPACE", NAMESPACE, "POD_NAME", POD));
		this.application = new PaperworkProcess(
				sample.command(ADDED,
						List.of("--server.port=0", "--management.endpoints.web.exposure.include=health,jobs,metrics")),
				own, this.directory.resolve("application.log"));
		this.http = new PaperworkClient(this.application.port());
		this.database = JdbcClient.create(new DriverManagerDataSource(
				"jdbc:h2:file:" + data.resolve("paperwork") + ";AUTO_SERVER=TRUE", "sa", ""));
		this.kubelet.start();
	}

	Path directory() {
		return this.directory;
	}

	ApiServer server() {
		return this.server;
	}

	Kubelet kubelet() {
		return this.kubelet;
	}

	KubernetesClient client() {
		return this.client;
	}

	PaperworkClient http() {
		return this.http;
	}

	JdbcClient database() {
		return this.database;
	}

	long applicationPid() {
		return this.application.pid();
	}

	/**
	 * Return what the application has logged.
	 */
	String log() throws IOException {
		return this.application.log();
	}

	/**
	 * Have the application enqueue a job of the test.
	 */
	EnqueuedJob enqueue(String job, String text) throws IOException, InterruptedException {
		return JSON.readValue(post("/pods/" + job, Map.of("text", text)), EnqueuedJob.class);
	}

	/**
	 * Have the application take a job back.
	 */
	boolean cancel(EnqueuedJob job) throws IOException, InterruptedException {
		return JSON.readValue(post("/pods/cancel", job), boolean.class);
	}

	private byte[] post(String path, Object body) throws IOException, InterruptedException {
		var response = this.http.post(path, "application/json", JSON.writeValueAsBytes(body));
		assertThat(response.statusCode()).as(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo(200);
		return response.body();
	}

	/**
	 * Return the Jobs of a job's messages, in the order of the messages.
	 */
	List<Job> jobs(EnqueuedJob job) {
		return this.client.batch()
			.v1()
			.jobs()
			.inNamespace(NAMESPACE)
			.withLabel("backgroundjobs.dev/job-id", job.id())
			.list()
			.getItems()
			.stream()
			.sorted(Comparator.comparing(
					(each) -> Integer.valueOf(each.getMetadata().getAnnotations().get("backgroundjobs.dev/seq"))))
			.toList();
	}

	/**
	 * Wait until nothing of a job goes on any more, and return how its Jobs have ended.
	 */
	List<String> ends(EnqueuedJob job) {
		return await().atMost(Duration.ofSeconds(60))
			.until(() -> jobs(job).stream().map(Cluster::end).toList(),
					(ends) -> !ends.isEmpty() && !ends.contains("none"));
	}

	/**
	 * Return how a Job has ended: {@code Complete}, the reason of its failure, or
	 * {@code none}.
	 */
	static String end(Job job) {
		if (job.getStatus() == null) {
			return "none";
		}
		return job.getStatus()
			.getConditions()
			.stream()
			.filter((condition) -> List.of("Complete", "Failed").contains(condition.getType()))
			.map((condition) -> condition.getType().equals("Complete") ? "Complete" : condition.getReason())
			.findFirst()
			.orElse("none");
	}

	/**
	 * Return what has been written down of a job, each as {@code what attempt}.
	 */
	List<String> runs(EnqueuedJob job) {
		return this.database.sql("SELECT what || ' ' || attempt FROM pod_run WHERE job_id = ? ORDER BY number")
			.param(job.id())
			.query(String.class)
			.list();
	}

	void awaitRuns(EnqueuedJob job, String... runs) {
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(runs(job)).containsExactly(runs));
	}

	/**
	 * Return the names of the Jobs of a job's messages.
	 */
	List<String> names(EnqueuedJob job) {
		return jobs(job).stream().map((each) -> each.getMetadata().getName()).toList();
	}

	@Override
	public void close() throws IOException {
		this.application.close();
		this.kubelet.close();
		this.client.close();
		this.server.close();
		assertThat(DeploymentFiles.rules()).containsAll(this.server.rules());
	}

}
