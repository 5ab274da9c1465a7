package dev.backgroundjobs.docs;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;
import dev.backgroundjobs.docs.EventPageTests.Documents;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The commands of {@code docs/events.md}, read from the page.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("laptop")
class EventLaptopTests {

	private static final Pattern COMMAND = Pattern.compile("curl -i -H 'Content-Type: ([^']+)' \\S+ -d '([^']+)'");

	@LocalServerPort
	private int port;

	@Autowired
	private Documents documents;

	@Test
	void startTheJobs() throws Exception {
		Matcher commands = COMMAND.matcher(Files.readString(Path.of("../docs/events.md")));
		while (commands.find()) {
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/_jobs"))
				.header("Content-Type", commands.group(1))
				.POST(BodyPublishers.ofString(commands.group(2)))
				.build();
			assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
		}
		assertThat(this.documents.done).containsExactly("gs://invoices/in/a.docx", "Order[number=7]");
	}

	@Configuration
	@EnableAutoConfiguration
	@Import(Documents.class)
	static class Application {

		@Bean
		@Profile("laptop")
		DeliveryAuthenticator thisMachine() {
			return (request) -> request.isLoopback() ? Decision.ACCEPT : Decision.ABSTAIN;
		}

	}

}
