package dev.backgroundjobs.sample;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.backgroundjobs.sample.conversion.DocxFile;
import dev.backgroundjobs.sample.document.DocumentStore;
import dev.backgroundjobs.sample.document.TestDocumentStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application that is stopped, or dies, and starts again.
 */
@ExtendWith(OutputCaptureExtension.class)
class RestartTests {

	@TempDir
	Path storage;

	@Test
	void listsItsDocumentsAgain() throws Exception {
		JsonNode list;
		try (ConfigurableApplicationContext first = start()) {
			client(first).convert("good.docx", DocxFile.withText("text").bytes());
			client(first).convert("bad.docx", new byte[] { 1, 2, 3 });
			list = client(first).json(client(first).get("/documents"));
		}
		try (ConfigurableApplicationContext second = start()) {
			assertThat(client(second).json(client(second).get("/documents"))).isEqualTo(list);
			String id = list.get(1).get("id").asString();
			assertThat(client(second).get("/documents/" + id + "/pdf").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void convertsWhatTheLastRunLeftUnfinishedAndSaysSo(CapturedOutput output) throws Exception {
		DocumentStore died = TestDocumentStore.in(this.storage);
		UUID queued = died.create("queued.docx", new ByteArrayInputStream(DocxFile.withText("a").bytes())).id();
		UUID running = died.create("running.docx", new ByteArrayInputStream(DocxFile.withText("b").bytes())).id();
		died.update(running, (document) -> document.running(1));
		try (ConfigurableApplicationContext restarted = start()) {
			for (UUID id : new UUID[] { queued, running }) {
				assertThat(client(restarted).awaitFinal("/documents/" + id).get("state").asString()).isEqualTo("done");
			}
		}
		assertThat(output).contains("Converting 2 documents that the last run left unfinished");
	}

	@Test
	void endsOpenEventStreamsWhenItStops() throws Exception {
		CompletableFuture<Long> ended;
		Instant stopping;
		try (ConfigurableApplicationContext context = start()) {
			HttpResponse<Stream<String>> events = client(context).events();
			ended = CompletableFuture.supplyAsync(() -> events.body().count());
			stopping = Instant.now();
		}
		assertThat(ended.join()).isNotNegative();
		assertThat(Duration.between(stopping, Instant.now())).isLessThan(Duration.ofSeconds(15));
	}

	@Test
	void deletesUploadsThatWereCutOff() throws Exception {
		Path cutOff = Files.createDirectories(this.storage.resolve("imports")).resolve("upload1.tmp");
		Files.writeString(cutOff, "id,name,sta");
		try (ConfigurableApplicationContext restarted = start()) {
			assertThat(restarted.isRunning()).isTrue();
			assertThat(cutOff).doesNotExist();
		}
	}

	private ConfigurableApplicationContext start() {
		return SpringApplication.run(PaperworkApplication.class, "--server.port=0",
				"--paperwork.storage=" + this.storage);
	}

	private static PaperworkClient client(ConfigurableApplicationContext context) {
		return new PaperworkClient(((WebServerApplicationContext) context).getWebServer().getPort());
	}

}
