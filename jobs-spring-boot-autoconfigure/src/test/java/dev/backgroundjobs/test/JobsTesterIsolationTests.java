package dev.backgroundjobs.test;

import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.backgroundjobs.JobDispatcher;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * A test sees nothing of the one before, in whatever way JUnit and Spring run it.
 */
@SpringBootTest(classes = JobsTesterTests.Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE)
@AutoConfigureJobsTester
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
@TestMethodOrder(MethodOrderer.MethodName.class)
class JobsTesterIsolationTests {

	private static final AtomicReference<JobsTester> FIRST = new AtomicReference<>();

	@Autowired
	JobDispatcher dispatcher;

	@Autowired
	JobsTester jobs;

	@Test
	void aLeavesEverythingBehind() {
		leaveEverythingBehind();
	}

	@Test
	void bFindsNothing() {
		findNothing();
	}

	private void leaveEverythingBehind() {
		this.dispatcher.enqueue(Letters::wash);
		this.jobs.runDue();
		this.dispatcher.enqueueIn(Duration.ofDays(1), Letters::wash);
		this.jobs.nextRun(Letters::wash).fails(new IllegalStateException("left behind"));
		this.jobs.advance(Duration.ofDays(100));
	}

	private void findNothing() {
		assertThat(this.jobs).enqueuedNothing().hasNoFailedRuns();
		assertThat(this.jobs.waiting()).isEmpty();
		assertThat(this.jobs.runs()).isEmpty();
		assertThat(this.jobs.now()).isBefore(Instant.now().plusSeconds(60));
		this.dispatcher.enqueue(Letters::wash);
		this.jobs.runDue();
		assertThat(this.jobs).hasNoFailedRuns();
	}

	@AfterEach
	void isNotEmptiedBeforeTheEndOfTheTest() {
		assertThat(this.jobs).enqueued(Letters::wash);
	}

	@Nested
	@Order(1)
	@TestMethodOrder(MethodOrderer.MethodName.class)
	class NestedTests {

		@Test
		void aLeavesEverythingBehind() {
			FIRST.set(JobsTesterIsolationTests.this.jobs);
			leaveEverythingBehind();
		}

		@Test
		void bFindsNothing() {
			findNothing();
		}

	}

	@Nested
	@Order(2)
	@TestInstance(TestInstance.Lifecycle.PER_CLASS)
	@TestMethodOrder(MethodOrderer.MethodName.class)
	class OfOneInstance {

		@Test
		void aLeavesEverythingBehind() {
			leaveEverythingBehind();
		}

		@Test
		void bFindsNothingInTheSameContext() {
			findNothing();
			assertThat(JobsTesterIsolationTests.this.jobs).isSameAs(FIRST.get());
		}

	}

	@Nested
	@Order(3)
	@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
	@TestMethodOrder(MethodOrderer.MethodName.class)
	class WithAContextEach {

		@Test
		void aLeavesEverythingBehind() {
			leaveEverythingBehind();
		}

		@Test
		void bFindsNothingInAnotherContext() {
			findNothing();
			assertThat(JobsTesterIsolationTests.this.jobs).isNotSameAs(FIRST.get());
		}

	}

	/**
	 * Spring's listeners as JUnit calls them, from two threads.
	 */
	@Nested
	@Order(4)
	class InParallel {

		private final Method method = SharingTests.class.getDeclaredMethods()[0];

		@Test
		void takesTurns() throws Exception {
			TestContextManager first = new TestContextManager(SharingTests.class);
			TestContextManager second = new TestContextManager(SharingTests.class);
			SharingTests test = new SharingTests();
			first.prepareTestInstance(test);
			first.beforeTestMethod(test, this.method);
			Thread[] other = new Thread[1];
			CompletableFuture<Void> done = CompletableFuture.runAsync(() -> {
				other[0] = Thread.currentThread();
				runWhole(second);
			}, (task) -> new Thread(task).start());
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> other[0] != null && other[0].getState() == Thread.State.WAITING);
			assertThat(done).isNotDone();
			first.afterTestMethod(test, this.method, null);
			assertThat(done.get(30, TimeUnit.SECONDS)).isNull();
			JobsTesterIsolationTests.this.dispatcher.enqueue(Letters::wash);
		}

		@Test
		void refusesATestWithinATest() throws Exception {
			TestContextManager first = new TestContextManager(SharingTests.class);
			TestContextManager second = new TestContextManager(SharingTests.class);
			SharingTests test = new SharingTests();
			first.beforeTestMethod(test, this.method);
			assertThatIllegalStateException().isThrownBy(() -> second.beforeTestMethod(test, this.method))
				.withMessageEndingWith("run them with @Execution(SAME_THREAD)");
			second.afterTestMethod(test, this.method, null);
			first.afterTestMethod(test, this.method, null);
			JobsTesterIsolationTests.this.dispatcher.enqueue(Letters::wash);
		}

		private void runWhole(TestContextManager manager) {
			SharingTests test = new SharingTests();
			try {
				manager.beforeTestMethod(test, this.method);
				manager.afterTestMethod(test, this.method, null);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@SpringBootTest(classes = JobsTesterTests.Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
			properties = "spring.application.name=sharing")
	@AutoConfigureJobsTester
	static class SharingTests {

		void test() {
		}

	}

}
