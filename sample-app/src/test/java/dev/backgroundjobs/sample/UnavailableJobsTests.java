package dev.backgroundjobs.sample;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.sample.conversion.DocxFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Answers;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

/**
 * Tests for uploads while jobs cannot be sent.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class UnavailableJobsTests {

	@TempDir
	static Path storage;

	@MockitoBean(answers = Answers.CALLS_REAL_METHODS)
	JobDispatcher jobs;

	@DynamicPropertySource
	static void storage(DynamicPropertyRegistry registry) {
		registry.add("paperwork.storage", () -> storage);
	}

	@Test
	void keepsNothingAndSaysSo(@LocalServerPort int port) throws Exception {
		given(this.jobs.enqueue(any(JobCall.class))).willThrow(new JobException("The backend is away"));
		PaperworkClient client = new PaperworkClient(port);
		HttpResponse<byte[]> response = client.upload("file", "a.docx", DocxFile.withText("text").bytes());
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(client.json(response).get("detail").asString()).startsWith("The document cannot be converted");
		assertThat(client.json(client.get("/documents"))).isEmpty();
		assertThat(storage).isDirectoryNotContaining("glob:**/????????-*");
	}

	@Test
	void keepsNothingOfAnImportEither(@LocalServerPort int port) throws Exception {
		given(this.jobs.enqueue(any(JobCall.class))).willThrow(new JobException("The backend is away"));
		given(this.jobs.with(any())).willReturn(this.jobs);
		PaperworkClient client = new PaperworkClient(port);
		HttpResponse<byte[]> response = client.uploadTo("/imports", "file", "a.csv",
				"id,name,state\n1,a,b\n".getBytes(StandardCharsets.UTF_8));
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(client.json(response).get("detail").asString()).startsWith("The import cannot be started");
		assertThat(client.json(client.get("/imports"))).isEmpty();
		assertThat(storage.resolve("imports")).isEmptyDirectory();
	}

}
