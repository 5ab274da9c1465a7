package dev.backgroundjobs.adapter.cloudtasks;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.google.cloud.tasks.v2.HttpMethod;
import com.google.cloud.tasks.v2.Task;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static dev.backgroundjobs.adapter.cloudtasks.TestCloudTasks.AUDIENCE;
import static dev.backgroundjobs.adapter.cloudtasks.TestCloudTasks.EMAIL;
import static dev.backgroundjobs.adapter.cloudtasks.TestCloudTasks.PARENT;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who may deliver, and whose headers are believed.
 */
class CloudTasksCallersIT extends CloudTasksApplicationFixture {

	@Test
	void forgedHeadersOpenNothing() throws Exception {
		ConfigurableApplicationContext application = start(Application.class);
		byte[] body = message(application);
		assertThat(forged(body).statusCode()).isEqualTo(401);
		assertThat(forged(body, "Authorization", "Bearer x.y.z").statusCode()).isEqualTo(401);
		assertThat(forged(body, "Authorization", "Bearer " + signedByAStranger()).statusCode()).isEqualTo(401);
		String other = this.cloud.tokens().token(AUDIENCE, "other@paperwork.iam.gserviceaccount.com");
		assertThat(forged(body, "Authorization", "Bearer " + other).statusCode()).isEqualTo(403);
		assertThat(sent(application)).isEmpty();
	}

	// Spring Security's form login is on the class path, and on every other path.
	@Test
	void aTaskWithoutATokenHears401AndIsNotSentToALoginPage() {
		start(Application.class);
		this.cloud.pause(PARENT + "default");
		CloudTasksClientFactory client = new CloudTasksClientFactory(this.cloud.endpoint());
		String toJobs = client.get().createTask(PARENT + "default", task(HttpMethod.POST, "/_jobs")).getName();
		String elsewhere = client.get().createTask(PARENT + "default", task(HttpMethod.GET, "/other")).getName();
		client.destroy();
		assertThat(this.cloud.run(toJobs)).isEqualTo(401);
		assertThat(this.cloud.tasks()).containsKey(toJobs);
		assertThat(this.cloud.run(elsewhere)).as("the login page, which Cloud Tasks takes for a success")
			.isEqualTo(200);
		assertThat(this.cloud.tasks()).doesNotContainKey(elsewhere);
	}

	private Task task(HttpMethod method, String path) {
		return Task.newBuilder()
			.setHttpRequest(com.google.cloud.tasks.v2.HttpRequest.newBuilder()
				.setHttpMethod(method)
				.setUrl("http://127.0.0.1:" + this.port + path)
				.putHeaders("Content-Type", "application/json")
				.putHeaders("Accept", "text/html"))
			.build();
	}

	@Test
	void headersAreBelievedOfACallerWithAToken() throws Exception {
		ConfigurableApplicationContext application = start(Application.class);
		String token = this.cloud.tokens().token(AUDIENCE, EMAIL);
		assertThat(forged(message(application), "Authorization", "Bearer " + token).statusCode()).isEqualTo(204);
		assertThat(sent(application)).as("dead, since it was delivered too often").isEmpty();
	}

	@Test
	void headersAreNotBelievedOfACallerWhoseMessageIsSigned() throws Exception {
		ConfigurableApplicationContext application = start(Application.class, "--jobs.signing.key-id=k1",
				"--jobs.signing.keys.k1=" + TestKeys.secret("k1"));
		assertThat(forged(message(application)).statusCode()).isEqualTo(204);
		assertThat(sent(application)).containsExactly("old");
		assertThat(application.getBean(Letters.class).deadlines).as("none, though the header names one")
			.containsExactly("null");
	}

	// Two days old, so that a million redeliveries would make it dead.
	private static byte[] message(ConfigurableApplicationContext application) {
		JobMessage message = JobMessage
			.builder("01a20188-6a28-71f0-afe3-49c324578c12", "letters.send", "default", "[\"old\"]",
					Clock.systemUTC().instant().minus(Duration.ofDays(2)))
			.build();
		return application.getBean(JobMessageCodec.class).encode(message).bytes();
	}

	private HttpResponse<Void> forged(byte[] body, String... headers) throws IOException, InterruptedException {
		List<String> all = new ArrayList<>(List.of("X-CloudTasks-TaskName", "forged", "X-CloudTasks-QueueName",
				"default", "X-CloudTasks-TaskRetryCount", "1000000", "X-CloudTasks-TaskETA", "1",
				"Jobs-Dispatch-Deadline", "15000", "User-Agent", "Google-Cloud-Tasks"));
		all.addAll(List.of(headers));
		return post(body, all.toArray(String[]::new));
	}

	private String signedByAStranger() throws JOSEException {
		RSAKey key = new RSAKeyGenerator(2048).keyID(this.cloud.tokens().key().getKeyID()).generate();
		return this.cloud.tokens().sign(this.cloud.tokens().claims(AUDIENCE, EMAIL).build(), key);
	}

}
