package dev.backgroundjobs.benchmarks;

import java.util.List;
import java.util.Map;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
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

	/**
	 * Start the server.
	 * @param args properties
	 */
	public static void main(String[] args) {
		SpringApplication.run(EndpointServer.class, args);
	}

	@PostMapping("/bare")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void bare(@RequestBody Message message) {
	}

	// The authenticator that a deployment would have is measured with it.
	@Bean
	DeliveryAuthenticator everybody() {
		return (request) -> Decision.ACCEPT;
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
