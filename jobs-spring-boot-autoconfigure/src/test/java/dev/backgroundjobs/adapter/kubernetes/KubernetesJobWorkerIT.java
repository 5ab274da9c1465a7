package dev.backgroundjobs.adapter.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.backgroundjobs.CapturedLog;
import dev.backgroundjobs.autoconfigure.HealthDetails;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.JobMessage;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What instances do for Jobs, over fabric8's API server.
 */
class KubernetesJobWorkerIT extends ClusterFixture {

	@Test
	void resumesAJobWhenItIsDueAndNotBefore() {
		ApplicationContext instance = start();
		awaitWatch(instance);
		backend(instance).enqueueAt(message(), NOW.plusSeconds(60));
		awaitLooks(2);
		this.clock.advance(Duration.ofSeconds(60).minusMillis(1));
		awaitLooks(2);
		assertThat(onlyJob().isSuspended()).isTrue();
		this.clock.advance(Duration.ofMillis(1));
		await().until(() -> !onlyJob().isSuspended());
		assertThat(onlyJob().runAt()).isNull();
	}

	@Test
	void resumesAJobOnAQueueThatOnlyItsOptionsName() {
		ApplicationContext instance = start("jobs.kubernetes.queues.heavy.namespace=gpu");
		JobMessage message = JobMessage.builder(UUID.randomUUID().toString(), "letters.send", "heavy", "[\"Ada\"]", NOW)
			.build();
		backend(instance).enqueueAt(message, NOW.plusSeconds(60));
		assertThat(onlyJob().namespace()).isEqualTo("gpu");
		this.clock.advance(Duration.ofSeconds(60));
		await().until(() -> !onlyJob().isSuspended());
	}

	@Test
	void resumesWhatWasDueBeforeItStarted() {
		backend(startWithoutWorker()).enqueueAt(message(), NOW.minusSeconds(60));
		assertThat(onlyJob().isSuspended()).isTrue();
		start();
		await().until(() -> !onlyJob().isSuspended());
	}

	@Test
	void seesADelayedJobByItsWatchBetweenLooks() {
		ApplicationContext instance = start("jobs.kubernetes.worker.interval=1h");
		awaitWatch(instance);
		backend(instance).enqueueAt(message(), NOW.plusSeconds(60));
		await().until(() -> delayed(instance).contains("delayed=1"));
		this.clock.advance(Duration.ofSeconds(60));
		await().until(() -> !onlyJob().isSuspended());
	}

	@Test
	void readsManyJobsPageByPage() {
		ApplicationContext sender = startWithoutWorker();
		for (int i = 0; i < 450; i++) {
			backend(sender).enqueueAt(message(), NOW.plusSeconds(60));
		}
		ApplicationContext instance = start("jobs.kubernetes.worker.interval=1h");
		await().until(() -> delayed(instance).contains("delayed=450"));
		assertThat(this.cluster.requests()).filteredOn((request) -> request.contains("limit="))
			.extracting((request) -> request.replaceAll(".*[?&]continue=(\\d+).*|.*", "$1"))
			.containsExactly("", "200", "400");
	}

	@Test
	void leavesJobsAloneThatSomebodyElseHasSuspended() {
		ApplicationContext instance = start();
		backend(instance).enqueue(message());
		this.cluster.client()
			.batch()
			.v1()
			.jobs()
			.inNamespace(NAMESPACE)
			.withName(onlyJob().name())
			.edit((job) -> new JobBuilder(job).editSpec().withSuspend(true).endSpec().build());
		this.clock.advance(Duration.ofDays(1));
		awaitLooks(3);
		assertThat(onlyJob().isSuspended()).isTrue();
	}

	@Test
	void resumesOnceWhenTwoInstancesDoAtOnce() {
		// Both have read the Job before either changes it.
		CyclicBarrier both = new CyclicBarrier(2);
		AtomicInteger patches = new AtomicInteger();
		ApplicationContext one = startWithoutWorker();
		ApplicationContext two = startWithoutWorker();
		backend(one).enqueueAt(message(), NOW);
		ObservedJob seen = onlyJob();
		List<Thread> threads = List.of(one, two).stream().map((instance) -> new Thread(() -> {
			DelayedJobs delayed = instance.getBean(DelayedJobs.class);
			delayed.seen(seen);
			try {
				both.await(30, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			delayed.takeDue().forEach((job) -> {
				patches.incrementAndGet();
				delayed.resume(job);
			});
		})).toList();
		try (CapturedLog log = new CapturedLog()) {
			threads.forEach(Thread::start);
			await().until(() -> threads.stream().noneMatch(Thread::isAlive));
			assertThat(patches).hasValue(2);
			assertThat(log.lines()).filteredOn((line) -> line.contains("is due and resumed")).hasSize(1);
			assertThat(log.lines()).noneMatch((line) -> line.startsWith("WARN"));
		}
		assertThat(onlyJob().isSuspended()).isFalse();
		assertThat(one.getBean(DelayedJobs.class).details()).isEqualTo(two.getBean(DelayedJobs.class).details());
	}

	@Test
	void triesAgainWhatTheApiServerHasRefused() {
		ApplicationContext instance = start();
		awaitWatch(instance);
		AtomicBoolean refuses = new AtomicBoolean(true);
		this.cluster.before((request) -> (refuses.get() && request.getMethod().equals("PATCH"))
				? TestCluster.refused(500, "InternalError", "etcd is down") : null);
		backend(instance).enqueueAt(message(), NOW);
		await().until(() -> count("PATCH") > 0);
		assertThat(onlyJob().isSuspended()).isTrue();
		this.clock.advance(Duration.ofMinutes(5));
		assertThat(delayed(instance)).contains("oldestOverdue").contains(onlyJob().key()).contains("runAt=" + NOW);
		refuses.set(false);
		await().until(() -> !onlyJob().isSuspended());
		await().until(() -> !delayed(instance).contains("oldestOverdue"));
	}

	@Test
	void watchesAgainWhereItWasCutOff() {
		ApplicationContext instance = start("jobs.kubernetes.worker.interval=1h");
		awaitWatch(instance);
		backend(instance).enqueueAt(message(), NOW.plusSeconds(60));
		await().until(() -> delayed(instance).contains("delayed=1"));
		this.cluster.cutWatches();
		await().until(this.cluster::isWatched);
		backend(instance).enqueueAt(message(), NOW.plusSeconds(60));
		await().until(() -> delayed(instance).contains("delayed=2"));
	}

	@Test
	void listsAndWatchesAgainWhereItsVersionIsTooOld() {
		ApplicationContext instance = start();
		awaitWatch(instance);
		this.cluster.expireWatches();
		await().until(this.cluster::isWatched);
		awaitWatch(instance);
		backend(instance).enqueueAt(message(), NOW);
		await().until(() -> !onlyJob().isSuspended());
	}

	@Test
	void findsAtItsNextLookWhatItCouldNotSee() {
		AtomicBoolean down = new AtomicBoolean(true);
		this.cluster.before((request) -> (down.get() && request.getMethod().equals("GET"))
				? TestCluster.refused(503, "ServiceUnavailable", "down") : null);
		ApplicationContext instance = start();
		await().until(() -> count("GET") > 1);
		backend(instance).enqueueAt(message(), NOW);
		assertThat(instance.getBean(KubernetesJobWorker.class).isWatching()).isFalse();
		down.set(false);
		await().until(() -> !onlyJob().isSuspended());
		awaitWatch(instance);
	}

	@Test
	void reportsAFailedJobOnceWithTwoInstances() {
		ApplicationContext one = start();
		ApplicationContext two = start();
		awaitWatch(one);
		awaitWatch(two);
		JobMessage message = message();
		backend(one).enqueue(message);
		fail(onlyJob());
		await().until(() -> isReported(onlyJob()));
		awaitLooks(4);
		assertThat(dead(one).size() + dead(two).size()).isEqualTo(1);
		assertThat((dead(one).isEmpty() ? dead(two) : dead(one)).get(0)).satisfies((event) -> {
			assertThat(event.message().deliveryKey()).isEqualTo(message.deliveryKey());
			assertThat(event.cause()).hasMessage("Kubernetes has given up Job " + onlyJob().key()
					+ ": BackoffLimitExceeded: Job has reached the specified backoff limit");
		});
	}

	@Test
	void reportsALargeMessage() {
		ApplicationContext instance = start();
		JobMessage message = largeMessage();
		backend(instance).enqueue(message);
		fail(onlyJob());
		await().until(() -> !dead(instance).isEmpty());
		assertThat(dead(instance).get(0).message().args()).isEqualTo(message.args());
	}

	@Test
	void leavesAClaimToWhoeverHasItForFiveMinutes() {
		ApplicationContext instance = startWithoutWorker();
		backend(instance).enqueue(message());
		claim("another-instance", NOW);
		fail(onlyJob());
		ApplicationContext later = start();
		awaitLooks(3);
		assertThat(dead(later)).isEmpty();
		this.clock.advance(DeadJobs.MAX_CLAIM.plusSeconds(1));
		await().until(() -> isReported(onlyJob()));
		assertThat(dead(later)).hasSize(1);
	}

	@Test
	void takesItsClaimBackWhenTheCopyIsNotKept() {
		ApplicationContext instance = startWithoutWorker("jobs.queues.default.dead-letter=dead");
		backend(instance).enqueue(message());
		fail(onlyJob());
		DeadJobs dead = instance.getBean(DeadJobs.class);
		this.cluster.before((request) -> request.getMethod().equals("POST")
				? TestCluster.refused(403, "Forbidden", "exceeded quota: jobs") : null);
		dead.report(onlyJob(), Runnable::run);
		assertThat(dead(instance)).isEmpty();
		assertThat(onlyJob().annotation(KubernetesNames.DEAD)).isNull();
		assertThat(dead.isUnreported(onlyJob())).isTrue();
		this.cluster.before((request) -> null);
		dead.report(onlyJob(), Runnable::run);
		assertThat(dead(instance)).singleElement().satisfies((event) -> assertThat(event.keptIn()).isEqualTo("dead"));
		assertThat(jobs()).filteredOn(ObservedJob::isHeld).hasSize(1);
		assertThat(jobs()).filteredOn(ObservedJob::isFailed).allMatch(KubernetesJobWorkerIT::isReported);
	}

	@Test
	void resumesWhatIsDueWhileNoCopyOfADeadJobCanBeKept() {
		ApplicationContext instance = start("jobs.queues.default.dead-letter=dead");
		awaitWatch(instance);
		String delayed = backend(instance).enqueueAt(message(), NOW.plusSeconds(60));
		int dead = 24;
		for (int i = 0; i < dead; i++) {
			backend(instance).enqueue(message());
		}
		this.cluster.before((request) -> request.getMethod().equals("POST")
				? TestCluster.refused(403, "Forbidden", "exceeded quota: jobs") : null);
		// Each copy is tried for seconds.
		jobs().stream().filter((job) -> !job.isSuspended()).forEach(this::fail);
		int sent = 1 + dead;
		await().until(() -> count("POST") > sent);
		this.clock.advance(Duration.ofMinutes(1));
		Awaitility.await()
			.atMost(Duration.ofSeconds(15))
			.until(() -> jobs().stream()
				.filter((job) -> job.key().equals(delayed))
				.noneMatch(ObservedJob::isSuspended));
	}

	@Test
	void reportsNoJobWhoseMessageWasReplaced() {
		ApplicationContext instance = start();
		JobMessage message = message();
		backend(instance).enqueue(message);
		ObservedJob first = onlyJob();
		backend(instance).enqueue(message.successor().attempt(2).build());
		fail(first);
		await().until(() -> jobs().stream().anyMatch(KubernetesJobWorkerIT::isReported));
		assertThat(dead(instance)).isEmpty();
	}

	@Test
	void reportsNoJobThatItsPodHasReported() {
		ApplicationContext instance = startWithoutWorker();
		backend(instance).enqueue(message());
		KubernetesJobBackendTests.pod(instance, onlyJob()).settled(Settlement.DEAD);
		fail(onlyJob());
		assertThat(instance.getBean(DeadJobs.class).isUnreported(onlyJob())).isFalse();
	}

	@Test
	void reportsNoJobOfAnotherApplication() {
		ApplicationContext instance = startWithoutWorker();
		backend(instance).enqueue(JobMessage.builder(message().id(), "invoices.send", "default", "[]", NOW).build());
		fail(onlyJob());
		assertThat(instance.getBean(DeadJobs.class).isUnreported(onlyJob())).isFalse();
	}

	@Test
	void warnsOnceOfAPodThatCannotStart() {
		ApplicationContext instance = startWithoutWorker();
		backend(instance).enqueue(message());
		starts(onlyJob());
		WaitingPods pods = new WaitingPods(api(), this.clock);
		try (CapturedLog log = new CapturedLog()) {
			pods.look(NAMESPACE, jobs());
			pods.look(NAMESPACE, jobs());
			assertThat(log.lines()).singleElement()
				.asString()
				.contains("WARN Job " + onlyJob().key() + " of job 'letters.send' does not start")
				.contains("image registry/paperwork:1: ImagePullBackOff Back-off pulling image");
		}
	}

	private void starts(ObservedJob job) {
		this.cluster.client()
			.batch()
			.v1()
			.jobs()
			.inNamespace(NAMESPACE)
			.withName(job.name())
			.editStatus((now) -> new JobBuilder(now).editOrNewStatus().withActive(1).withReady(0).endStatus().build());
		this.cluster.client()
			.pods()
			.inNamespace(NAMESPACE)
			.resource(new PodBuilder().withNewMetadata()
				.withName(job.name() + "-x1")
				.withLabels(Map.of(KubernetesNames.MANAGED_BY, KubernetesNames.MANAGED_BY_VALUE, WaitingPods.JOB_LABEL,
						job.name()))
				.endMetadata()
				.withNewSpec()
				.endSpec()
				.withNewStatus()
				.addNewContainerStatus()
				.withImage("registry/paperwork:1")
				.withNewState()
				.withNewWaiting("Back-off pulling image", "ImagePullBackOff")
				.endState()
				.endContainerStatus()
				.endStatus()
				.build())
			.create();
	}

	private void claim(String instance, Instant since) {
		api().annotate(NAMESPACE, onlyJob().name(),
				Map.of(KubernetesNames.DEAD, new DeadMark(instance, since).toString()));
	}

	private static String delayed(ApplicationContext instance) {
		return instance.getBean(HealthDetails.class).details().toString();
	}

	private static boolean isReported(ObservedJob job) {
		return DeadMark.REPORTED.equals(job.annotation(KubernetesNames.DEAD));
	}

	private int count(String method) {
		return (int) this.cluster.requests().stream().filter((request) -> request.startsWith(method)).count();
	}

	private void awaitLooks(int looks) {
		int before = looks();
		await().until(() -> looks() >= before + looks);
	}

	private int looks() {
		return (int) this.cluster.requests()
			.stream()
			.filter((request) -> request.contains("fieldSelector=status.successful"))
			.count();
	}

	private void awaitWatch(ApplicationContext instance) {
		await().until(() -> instance.getBean(KubernetesJobWorker.class).isWatching());
		await().until(this.cluster::isWatched);
	}

}
