package dev.backgroundjobs.crash.application;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

import dev.backgroundjobs.sample.document.DocumentChangedEvent;
import dev.backgroundjobs.sample.document.DocumentState;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/**
 * Hears what the sample has done, and when it can be delivered to.
 */
class Listeners {

	private final Recorder recorder;

	private final Environment environment;

	Listeners(Recorder recorder, Environment environment) {
		this.recorder = recorder;
		this.environment = environment;
	}

	/**
	 * The effect of the sample's own job is a finished document.
	 */
	@EventListener
	void changed(DocumentChangedEvent event) {
		if (event.document().state() == DocumentState.DONE) {
			this.recorder.effect();
		}
	}

	/**
	 * End with the test, however that ends.
	 */
	@EventListener(ApplicationReadyEvent.class)
	void watchTheTest() {
		ProcessHandle.current().parent().ifPresent((test) -> test.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
	}

	@EventListener(ApplicationReadyEvent.class)
	void announceTheEndpoint() throws IOException, InterruptedException {
		URI target = URI.create(this.environment.getRequiredProperty("crash.platform")).resolve("/target");
		String endpoint = "http://localhost:" + this.environment.getProperty("local.server.port") + "/_jobs";
		HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(target).POST(BodyPublishers.ofString(endpoint)).build(),
					BodyHandlers.discarding());
	}

}
