package dev.backgroundjobs.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.sample.conversion.DocxFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the profile of Amazon Web Services, with directories for buckets, and neither
 * credentials nor a network.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "jobs.backend=local")
@ActiveProfiles("aws")
@ExtendWith(OutputCaptureExtension.class)
class AwsProfileTests {

	@TempDir
	static Path directory;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("paperwork.storage", () -> directory.resolve("data"));
		registry.add("paperwork.object-root", () -> "file:" + directory.resolve("buckets") + "/");
		registry.add("paperwork.output", () -> "file:" + directory.resolve("out") + "/");
	}

	@Test
	void convertsAStoredDocument(@Autowired JobDispatcher jobs) throws Exception {
		Path document = directory.resolve("buckets/inbox/by name.docx");
		Files.createDirectories(document.getParent());
		Files.write(document, DocxFile.withText("text").bytes());
		jobs.enqueue("documents.convertStored", new StorageObject(StorageObject.AMAZON, "inbox", "by name.docx", "1",
				-1, null, Clock.systemUTC().instant()));
		await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(directory.resolve("out/by name.pdf")));
	}

	@Test
	void looksForNoCredentialsBeforeItNeedsThem(@Autowired ConfigurableApplicationContext context) {
		assertThat(context.containsBeanDefinition("amazonStorage")).isTrue();
		assertThat(context.getBeanFactory().containsSingleton("amazonStorage")).isFalse();
		assertThat(context.containsBean("googleStorage")).isFalse();
	}

	@Test
	void saysWhatIsMissingWhenItStartsWithoutAnOutput(CapturedOutput output) {
		assertThatException().isThrownBy(() -> SpringApplication
			.run(PaperworkApplication.class, "--spring.profiles.active=aws", "--server.port=0", "--jobs.backend=local",
					"--paperwork.storage=" + directory.resolve("other"))
			.close());
		assertThat(output).contains("paperwork.output", "'s3://bucket/folder'");
	}

}
