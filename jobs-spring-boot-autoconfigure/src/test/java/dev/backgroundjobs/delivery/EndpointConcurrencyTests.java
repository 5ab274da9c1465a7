package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many copies of one message, at once and afterwards.
 */
class EndpointConcurrencyTests extends EndpointFixtureTests {

	private static final int COPIES = 100;

	private final ExecutorService callers = Executors.newFixedThreadPool(COPIES);

	@BeforeAll
	static void start() {
		use(Server.startPlain());
	}

	@AfterEach
	void stopCallers() {
		this.callers.shutdownNow();
	}

	@Test
	void copiesOfAMessageThatRunsAreBusyAndLaterOnesAreDone() throws Exception {
		String body = signed(message("endpoint.holds"));
		Future<Answer> first = this.callers.submit(() -> post(body));
		await().until(() -> runs().size() == 1);
		for (Answer copy : atOnce(COPIES - 1, () -> post(body))) {
			assertThat(copy.status()).isEqualTo(409);
			assertOwnProblem(copy);
		}
		server().bean(Recorder.class).released.countDown();
		assertThat(first.get(30, TimeUnit.SECONDS).status()).isEqualTo(204);
		for (Answer copy : atOnce(COPIES, () -> post(body))) {
			assertThat(copy.status()).isEqualTo(204);
		}
		assertThat(runs()).containsExactly("holds");
	}

	@Test
	void aHundredCopiesAtOnceRunOnce() throws Exception {
		for (int round = 0; round < 5; round++) {
			String body = signed(message("endpoint.echo").with("args", "[\"round " + round + "\"]"));
			List<Integer> statuses = atOnce(COPIES, () -> post(body)).stream().map(Answer::status).toList();
			assertThat(statuses).isSubsetOf(204, 409).contains(204);
		}
		assertThat(runs()).containsExactly("echo round 0", "echo round 1", "echo round 2", "echo round 3",
				"echo round 4");
	}

	@Test
	void copiesSignedAnewAreCopiesAllTheSame() throws IOException {
		String json = message("endpoint.none").json();
		assertThat(post(signed(json)).status()).isEqualTo(204);
		assertThat(post(jws("{\"alg\":\"HS256\",\"kid\":\"k1\"}", json.getBytes(), K1)).status()).isEqualTo(204);
		assertThat(post("\"" + signed(json + " ") + "\"").status()).isEqualTo(204);
		assertThat(runs()).hasSize(1);
	}

	@Test
	void aSuccessorIsNoCopy() throws IOException {
		Message message = message("endpoint.none");
		assertThat(post(signed(message)).status()).isEqualTo(204);
		assertThat(post(signed(message.with("seq", "1"))).status()).isEqualTo(204);
		assertThat(runs()).hasSize(2);
	}

	@Test
	void aMessageThatWasReleasedRunsAgain() throws IOException {
		String body = signed(message("endpoint.fails").with("args", "[\"x\"]"));
		assertThat(post(body).status()).isEqualTo(422);
		assertThat(post(body).status()).isEqualTo(422);
		assertThat(runs()).hasSize(2);
	}

	@Test
	void aHundredMessagesAtOnceAllRun() throws Exception {
		List<Answer> answers = atOnce(COPIES, () -> post(signed(message("endpoint.none"))));
		assertThat(answers).allMatch((answer) -> answer.status() == 204);
		assertThat(runs()).hasSize(COPIES);
	}

	private List<Answer> atOnce(int count, Callable<Answer> call) throws Exception {
		CyclicBarrier start = new CyclicBarrier(count);
		List<Future<Answer>> futures = IntStream.range(0, count).mapToObj((i) -> this.callers.submit(() -> {
			start.await(30, TimeUnit.SECONDS);
			return call.call();
		})).toList();
		List<Answer> answers = new ArrayList<>();
		for (Future<Answer> future : futures) {
			answers.add(future.get(60, TimeUnit.SECONDS));
		}
		return answers;
	}

}
