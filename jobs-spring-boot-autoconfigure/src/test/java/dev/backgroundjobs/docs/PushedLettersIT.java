package dev.backgroundjobs.docs;

import java.time.Duration;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.cloudtasks.emulator.CloudTasksEmulator;
import dev.backgroundjobs.cloudtasks.emulator.Push;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.util.TestSocketUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The test of an application of one's own on the page of Cloud Tasks.
 */
@DirtiesContext
@TestPropertySource(properties = { "jobs.backend=cloud-tasks", "jobs.cloud-tasks.project=paperwork",
		"jobs.cloud-tasks.location=europe-west1",
		"jobs.cloud-tasks.service-account-email=invoker@paperwork.iam.gserviceaccount.com",
		"jobs.google-oidc.audience=https://paperwork.example.com",
		"jobs.google-oidc.emails=invoker@paperwork.iam.gserviceaccount.com" })
@SpringBootTest(webEnvironment = WebEnvironment.DEFINED_PORT)
class PushedLettersIT {

	static final CloudTasksEmulator cloudTasks = CloudTasksEmulator.start();

	@DynamicPropertySource
	static void cloudTasks(DynamicPropertyRegistry properties) {
		int port = TestSocketUtils.findAvailableTcpPort();
		properties.add("server.port", () -> port);
		properties.add("jobs.cloud-tasks.url", () -> "http://localhost:" + port + "/_jobs");
		properties.add("jobs.cloud-tasks.endpoint", cloudTasks::endpoint);
		properties.add("jobs.google-oidc.jwk-set-uri", () -> cloudTasks.tokens().jwkSetUri());
	}

	@BeforeAll
	static void waitLongEnoughForABusyMachine() {
		Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
	}

	@AfterAll
	static void stop() {
		Awaitility.reset();
		cloudTasks.close();
	}

	@Test
	void pushesALetter(@Autowired JobDispatcher jobs) {
		jobs.enqueue(Letters::send, "Ada");
		await().untilAsserted(() -> assertThat(cloudTasks.pushes()).extracting(Push::status).containsExactly(204));
	}

	@Component
	static class Letters {

		@BackgroundJob
		void send(String to) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Letters.class)
	static class Application {

	}

}
