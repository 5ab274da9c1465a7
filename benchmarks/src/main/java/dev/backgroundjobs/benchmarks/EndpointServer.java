package dev.backgroundjobs.benchmarks;

import java.util.List;
import java.util.Map;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.cloudtasks.emulator.GoogleTokenIssuer;
import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * A server with {@code /_jobs} and, beside it, a bare endpoint that reads the same JSON.
 * {@code benchmarks/endpoint.sh} puts load on both.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
public class EndpointServer {

	private static final String AUDIENCE = "https://benchmarks.example.com";

	private static final String EMAIL = "invoker@benchmarks.iam.gserviceaccount.com";

	/**
	 * Start the server.
	 * @param args properties
	 */
	public static void main(String[] args) {
		GoogleTokenIssuer tokens = new GoogleTokenIssuer();
		SpringApplication application = new SpringApplication(EndpointServer.class);
		application.setDefaultProperties(Map.of("jobs.google-oidc.audience", AUDIENCE, "jobs.google-oidc.emails", EMAIL,
				"jobs.google-oidc.jwk-set-uri", tokens.jwkSetUri(), "token", tokens.token(AUDIENCE, EMAIL)));
		application.run(args);
	}

	// For the load: one that Google's service would have made for Cloud Tasks.
	@GetMapping("/token")
	String token(@Value("${token}") String token) {
		return token;
	}

	@PostMapping("/bare")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void bare(@RequestBody Message message) {
	}

	// The authenticator that a deployment would have is measured with it. Who has a token
	// is left to the one that knows tokens.
	@Bean
	DeliveryAuthenticator everybody() {
		return (request) -> request.headers("Authorization").isEmpty() ? Decision.ACCEPT : Decision.ABSTAIN;
	}

	@BackgroundJob(name = "noop")
	void noop(Argument argument) {
	}

	record Argument(String documentId) {
	}

	record Message(int v, String id, int seq, String job, String queue, List<Map<String, String>> args, int attempt,
			String enqueuedAt) {
	}

}
