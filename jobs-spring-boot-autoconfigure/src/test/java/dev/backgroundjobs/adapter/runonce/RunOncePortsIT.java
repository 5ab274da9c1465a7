package dev.backgroundjobs.adapter.runonce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process for one message listens nowhere, whatever its application has: Spring MVC,
 * WebFlux, Spring Security, an actuator with a port of its own.
 */
@EnabledOnOs(OS.LINUX)
class RunOncePortsIT {

	// Their defaults ask for credentials of the cloud.
	private final OnceJvm process = new OnceJvm(ServerApplication.class).without("spring-cloud-gcp")
		.with("-Djobs.backend=printer", "-Dserver.port=0", "-Dmanagement.server.port=0",
				"-Dmanagement.endpoints.web.exposure.include=*", "-Dspring.lifecycle.timeout-per-shutdown-phase=5s",
				"-Djobs.google-oidc.audience=a", "-Djobs.google-oidc.emails=b@c.iam.gserviceaccount.com");

	@AfterEach
	void end() {
		this.process.close();
	}

	@Test
	void listensWithoutAMessage() throws Exception {
		this.process.start().await("Started ServerApplication");
		assertThat(listening(this.process.pid())).hasSize(2);
	}

	@Test
	void listensNowhereWithAMessage() throws Exception {
		this.process.message(Probe.message("pages.sleep", "[]")).start().await("sleeping");
		assertThat(this.process.output()).contains("sleeping", "The following 1 profile is active: \"jobs-run-once\"",
				"no endpoint");
		assertThat(listening(this.process.pid())).isEmpty();
		this.process.terminate();
		assertThat(this.process.exit()).as(this.process.output()).isZero();
		assertThat(this.process.output()).contains("sent " + Probe.ID + ":1");
	}

	// Which sockets a process has open, and which of the machine's listen.
	private static Set<String> listening(long pid) throws IOException {
		Set<String> listening = new HashSet<>();
		for (String table : List.of("tcp", "tcp6")) {
			for (String line : Files.readAllLines(Path.of("/proc/net/" + table))) {
				String[] columns = line.strip().split("\\s+");
				if (columns[3].equals("0A")) {
					listening.add(columns[9]);
				}
			}
		}
		Set<String> open = new HashSet<>();
		try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
			for (Path file : files.toList()) {
				Matcher socket = Pattern.compile("socket:\\[(\\d+)]").matcher(target(file));
				if (socket.matches()) {
					open.add(socket.group(1));
				}
			}
		}
		open.retainAll(listening);
		return open;
	}

	private static String target(Path file) {
		try {
			return Files.readSymbolicLink(file).toString();
		}
		catch (IOException ex) {
			// Closed meanwhile.
			return "";
		}
	}

}
