package dev.backgroundjobs.autoconfigure;

import java.util.Map;

import dev.backgroundjobs.BackgroundJob;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * An application with a web server that cannot start is told why, and not that its web
 * server has failed.
 */
@ExtendWith(OutputCaptureExtension.class)
class WebStartFailureTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			jobs.backend       | lokal      | which is no backend: did you mean 'local'?
			jobs.endpoint.path | jobs       | give one path that starts with a slash
			jobs.endpoint.path | /jobs/{id} | give one path that starts with a slash
			jobs.endpoint.path | /          | give one path that starts with a slash
			""")
	void saysOnlyWhatIsWrong(String property, String value, String said, CapturedOutput output) {
		// given
		SpringApplication application = new SpringApplication(Application.class);
		application.setDefaultProperties(Map.of("server.port", 0, property, value));

		// when
		assertThatException().isThrownBy(application::run);

		// then
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Property '" + property + "' is '" + value + "'")
			.contains(said)
			.doesNotContain("Error starting Tomcat")
			.doesNotContain("Unable to start web server");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Reports.class)
	static class Application {

	}

	static class Reports {

		@BackgroundJob
		void generate() {
		}

	}

}
