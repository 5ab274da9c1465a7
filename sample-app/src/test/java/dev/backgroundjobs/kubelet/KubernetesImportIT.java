package dev.backgroundjobs.kubelet;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.backgroundjobs.EnqueuedJob;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Imports of the packaged sample in pods that are stopped.
 */
class KubernetesImportIT {

	private static final int ROWS = 20_000;

	private static Cluster cluster;

	@BeforeAll
	static void start() throws Exception {
		cluster = new Cluster("sample", Map.of("JOBS_QUEUES_IMPORTS_BACKEND", "kubernetes"));
	}

	@AfterAll
	static void stop() throws Exception {
		if (cluster != null) {
			cluster.close();
		}
	}

	@Test
	void importsEachRowOnceThoughThreePodsAreStopped() throws Exception {
		String csv = "id,name,state\n" + IntStream.rangeClosed(1, ROWS)
			.mapToObj((id) -> id + ",Name " + id + ",open\n")
			.collect(Collectors.joining());
		HttpResponse<byte[]> accepted = cluster.http()
			.uploadTo("/imports", "file", "rows.csv", csv.getBytes(StandardCharsets.UTF_8));
		String path = accepted.headers().firstValue("Location").orElseThrow();
		EnqueuedJob job = job(path);
		for (int stopped = 0; stopped < 3; stopped++) {
			String name = runningJob(job, stopped);
			long before = rows();
			await().atMost(Duration.ofSeconds(60)).until(() -> rows() > before);
			cluster.kubelet().evict(name);
			PodRun pod = cluster.kubelet().pods(name).get(0);
			await().atMost(Duration.ofSeconds(60)).until(() -> !pod.isActive());
			assertThat(pod.exitCode()).as("has handed over").isZero();
			assertThat(rows()).isLessThan(ROWS);
		}
		JsonNode done = cluster.http().awaitFinal(path);
		assertThat(done.get("state").asString()).isEqualTo("done");
		assertThat(done.get("processed").asLong()).isEqualTo(ROWS);
		assertThat(done.get("interruptions").asInt()).isEqualTo(3);
		assertThat(rows()).isEqualTo(ROWS);
		assertThat(cluster.database().sql("SELECT repeated_rows FROM csv_import").query(Long.class).single()).isZero();
		assertThat(cluster.ends(job)).containsExactly("Complete", "Complete", "Complete", "Complete");
	}

	private static long rows() {
		return cluster.database().sql("SELECT COUNT(*) FROM imported_row").query(Long.class).single();
	}

	private static EnqueuedJob job(String path) {
		UUID id = cluster.database()
			.sql("SELECT job_id FROM csv_import WHERE id = ?")
			.param(UUID.fromString(path.substring("/imports/".length())))
			.query(UUID.class)
			.single();
		return new EnqueuedJob(id.toString(), "imports.run", "imports", null, null);
	}

	private static String runningJob(EnqueuedJob job, int seq) {
		return await().atMost(Duration.ofSeconds(60))
			.until(() -> cluster.names(job),
					(names) -> names.size() > seq && !cluster.kubelet().pods(names.get(seq)).isEmpty())
			.get(seq);
	}

}
