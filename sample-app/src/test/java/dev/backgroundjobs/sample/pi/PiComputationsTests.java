package dev.backgroundjobs.sample.pi;

import java.util.List;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.JobOperations;
import dev.backgroundjobs.JobStatus;
import dev.backgroundjobs.test.AutoConfigureJobsTester;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link PiComputations} with a backend that knows what became of jobs, as that
 * of containers does.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE,
		properties = { "paperwork.storage=target/pi-tests", "spring.datasource.url=jdbc:h2:mem:pi-tests" })
@AutoConfigureJobsTester
class PiComputationsTests {

	@Autowired
	PiComputations computations;

	@MockitoBean
	JobOperations operations;

	private Pi waiting;

	@BeforeEach
	void submit() {
		this.waiting = this.computations.submit(5);
	}

	@Test
	void asksWithTheJobAsItWasEnqueued() {
		EnqueuedJob job = this.waiting.job();
		assertThat(job).isNotNull();
		assertThat(job.backendId()).isNotNull();
		given(this.operations.status(job)).willReturn(JobStatus.RUNNING);
		assertThat(now().state()).isEqualTo(PiState.RUNNING);
	}

	@Test
	void takesWhatTheContainerHasPrintedAndKeepsIt() {
		given(this.operations.status(any())).willReturn(JobStatus.SUCCEEDED).willReturn(JobStatus.UNKNOWN);
		given(this.operations.logs(any())).willReturn(List.of("perl: warning: no locale", "3.1416"));
		assertThat(now()).extracting(Pi::state, Pi::result).containsExactly(PiState.DONE, "3.1416");
		assertThat(now().result()).isEqualTo("3.1416");
	}

	@Test
	void failsWhenTheContainerHasPrintedNoNumber() {
		given(this.operations.status(any())).willReturn(JobStatus.SUCCEEDED);
		given(this.operations.logs(any())).willReturn(List.of("about 3.14"));
		assertThat(now()).extracting(Pi::state, Pi::error)
			.containsExactly(PiState.FAILED, "The container has printed no number.");
	}

	@Test
	void failsWithTheContainer() {
		given(this.operations.status(any())).willReturn(JobStatus.FAILED);
		assertThat(now().state()).isEqualTo(PiState.FAILED);
		then(this.operations).should(never()).logs(any());
	}

	@Test
	void showsWhatIsKnownWhileTheBackendIsAway() {
		willThrow(new JobException("away")).given(this.operations).status(any());
		assertThat(now().state()).isEqualTo(PiState.QUEUED);
	}

	private Pi now() {
		return this.computations.find(this.waiting.id()).orElseThrow();
	}

}
