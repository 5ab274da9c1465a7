package dev.backgroundjobs.adapter.runonce;

import java.util.concurrent.CountDownLatch;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.adapter.runonce.OnceApplication.PrintingJobBackend;
import dev.backgroundjobs.backend.JobBackend;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with all that opens ports or wants a web server.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableWebSecurity
public class ServerApplication {

	public static void main(String[] args) {
		SpringApplication.run(ServerApplication.class, args);
	}

	@Bean
	SecurityFilterChain chain(HttpSecurity http) throws Exception {
		return http.build();
	}

	@Bean
	JobBackend printer() {
		return new PrintingJobBackend();
	}

	@RestController("pages")
	static class Pages {

		@GetMapping("/")
		String home() {
			return "home";
		}

		@BackgroundJob(queue = "probes")
		void sleep() throws InterruptedException {
			OnceApplication.print("sleeping");
			new CountDownLatch(1).await();
		}

	}

}
