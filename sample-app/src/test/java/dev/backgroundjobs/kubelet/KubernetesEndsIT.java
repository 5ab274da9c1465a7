package dev.backgroundjobs.kubelet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.backgroundjobs.EnqueuedJob;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Jobs of the packaged sample whose pods are stopped, killed and run twice.
 */
class KubernetesEndsIT {

	private static final AtomicReference<@Nullable String> killAtCreate = new AtomicReference<>();

	private static Cluster cluster;

	@BeforeAll
	static void start() throws Exception {
		cluster = new Cluster("ends", Map.of());
		cluster.server().whenDone((request) -> {
			String job = request.rule().equals("batch/jobs:create") ? killAtCreate.getAndSet(null) : null;
			if (job != null) {
				cluster.kubelet().kill(job);
			}
		});
	}

	@AfterAll
	static void stop() throws Exception {
		if (cluster != null) {
			cluster.close();
		}
	}

	@Test
	void isDeadOnceWhenItsDeadlineIsOver() throws Exception {
		EnqueuedJob job = cluster.enqueue("late", file("late").toString());
		assertThat(cluster.ends(job)).containsExactly("DeadlineExceeded");
		assertThat(exitCodes(job, 0)).containsExactly(137);
		assertDeadOnce(job, "late");
	}

	@Test
	void isDeadOnceWhenItsPodsCrash() throws Exception {
		EnqueuedJob job = cluster.enqueue("crash", "now");
		assertThat(cluster.ends(job)).containsExactly("BackoffLimitExceeded");
		assertThat(exitCodes(job, 0)).containsExactly(3);
		assertDeadOnce(job, "crash");
	}

	private static void assertDeadOnce(EnqueuedJob job, String name) throws Exception {
		cluster.awaitRuns(job, "run 1", "dead 1");
		await().until(() -> cluster.jobs(job)
			.stream()
			.map((each) -> each.getMetadata().getAnnotations().get("backgroundjobs.dev/dead"))
			.toList(), List.of("reported")::equals);
		assertThat(cluster.log().lines().filter((line) -> line.contains("ERROR") && line.contains(job.id())))
			.hasSize(1);
		assertThat(cluster.http()
			.json(cluster.http().get("/actuator/metrics/jobs.dead?tag=job.name:pods." + name))
			.at("/measurements/0/value")
			.asInt()).isEqualTo(1);
		assertThat(cluster.runs(job)).containsExactly("run 1", "dead 1");
	}

	@Test
	void usesNoAttemptWhenItIsEvicted() throws Exception {
		Path file = file("evicted");
		EnqueuedJob job = cluster.enqueue("wait", file.toString());
		cluster.awaitRuns(job, "run 1");
		cluster.kubelet().evict(cluster.names(job).get(0));
		cluster.awaitRuns(job, "run 1", "run 1");
		Files.createFile(file);
		assertThat(cluster.ends(job)).containsExactly("Complete", "Complete");
		assertThat(cluster.runs(job)).containsExactly("run 1", "run 1", "end 1");
	}

	@Test
	void usesNoAttemptWhenItIsEvictedAndKilled() throws Exception {
		Path file = file("killed");
		EnqueuedJob job = cluster.enqueue("stubborn", file.toString());
		cluster.awaitRuns(job, "run 1");
		cluster.kubelet().evict(cluster.names(job).get(0));
		cluster.awaitRuns(job, "run 1", "run 1");
		Files.createFile(file);
		assertThat(cluster.ends(job)).containsExactly("Complete");
		assertThat(exitCodes(job, 0)).containsExactly(137, 0);
		assertThat(cluster.jobs(job)).extracting((each) -> each.getStatus().getFailed()).containsExactly(0);
	}

	@Test
	void isRetriedOnceThoughTwoPodsRunIt() throws Exception {
		Path file = file("twice");
		EnqueuedJob job = cluster.enqueue("gate", file.toString());
		cluster.awaitRuns(job, "run 1");
		cluster.kubelet().loseNode(cluster.names(job).get(0));
		cluster.awaitRuns(job, "run 1", "run 1");
		Files.createFile(file);
		await().atMost(Duration.ofSeconds(60)).until(() -> cluster.runs(job).contains("end 2"));
		assertThat(cluster.ends(job)).containsExactly("Complete", "Complete");
		assertThat(cluster.runs(job)).containsExactly("run 1", "run 1", "end 1", "end 1", "run 2", "end 2");
		assertThat(exitCodes(job, 0)).containsExactly(0, 0);
	}

	@Test
	void runsNothingWhenAPodBeforeHasReplacedTheMessageAndDied() throws Exception {
		Path file = file("between");
		EnqueuedJob job = cluster.enqueue("gate", file.toString());
		cluster.awaitRuns(job, "run 1");
		killAtCreate.set(cluster.names(job).get(0));
		Files.createFile(file);
		await().atMost(Duration.ofSeconds(60)).until(() -> cluster.runs(job).contains("end 2"));
		assertThat(cluster.ends(job)).containsExactly("Complete", "Complete");
		assertThat(exitCodes(job, 0)).containsExactly(137, 0);
		assertThat(cluster.runs(job)).containsExactly("run 1", "end 1", "run 2", "end 2");
	}

	private static Path file(String name) {
		return cluster.directory().resolve(name);
	}

	private static List<Integer> exitCodes(EnqueuedJob job, int seq) {
		List<PodRun> pods = cluster.kubelet().pods(cluster.names(job).get(seq));
		await().atMost(Duration.ofSeconds(60)).until(() -> pods.stream().noneMatch(PodRun::isActive));
		return pods.stream().map(PodRun::exitCode).toList();
	}

}
