package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.backgroundjobs.message.MessageLimits;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is refused of a request before its body means anything.
 */
class EndpointRequestsTests extends EndpointFixtureTests {

	@BeforeAll
	static void start() {
		use(Server.startPlain("server.tomcat.connection-timeout=1s"));
	}

	@Test
	void runsASignedMessageAndAnswersWithoutContent() throws IOException {
		Answer answer = post(signed(message("endpoint.echo").with("args", "[\"Grüße, 世界\"]")));
		assertThat(answer.status()).isEqualTo(204);
		assertThat(answer.body()).isEmpty();
		assertThat(answer.header("content-type")).isNull();
		assertThat(answer.header("cache-control")).isEqualTo("no-store");
		assertHarmless(answer);
		assertThat(runs()).containsExactly("echo Grüße, 世界");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "PUT", "DELETE", "PATCH", "OPTIONS", "post", "Post", "PROPFIND", "MARK" })
	void takesNoOtherMethod(String method) throws IOException {
		Answer answer = server().send(method, "/_jobs", good());
		assertRefused(answer, 405);
		assertThat(answer.header("allow")).isEqualTo("POST");
	}

	@Test
	void answersHeadWithoutBody() throws IOException {
		Answer answer = server().send("HEAD", "/_jobs", good());
		assertThat(answer.status()).isEqualTo(405);
		assertThat(answer.header("allow")).isEqualTo("POST");
		assertThat(answer.body()).isEmpty();
		assertThat(runs()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TRACE", "CONNECT" })
	void theServerRefusesMethodsThatNoApplicationSees(String method) throws IOException {
		Answer answer = server().send(method, "/_jobs", good(), "X-Mark: " + MARK);
		assertThat(answer.status()).isBetween(400, 501);
		assertHarmless(answer);
		assertThat(runs()).isEmpty();
	}

	@Test
	void aHeaderDoesNotTurnGetIntoPost() throws IOException {
		assertRefused(server().send("GET", "/_jobs", good(), "X-HTTP-Method-Override: POST", "X-Method-Override: POST"),
				405);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/_jobs/", "//_jobs", "/_jobs//", "/_jobs;x=1", "/_jobs;x=/../y", "/%5Fjobs", "/%5fj%6Fbs",
			"/x/../_jobs", "/./_jobs", "/_jobs/.", "/_jobs/x/..", "/_JOBS", "/_Jobs", "/_jobs?x=qZ7mark", "/_jobs?",
			"/;/_jobs", "/;x=1/_jobs", "/_jobs%3Bx=1", "/_jobs%2F", "/%2F_jobs", "/%2e/_jobs", "/x/%2e%2e/_jobs",
			"/_jobs%00", "/_jobs%0d%0aX:%20qZ7mark", "/_jobs%20", "/_jobs.json", "/_jobs/qZ7mark", "\\_jobs",
			"/\\_jobs", "/_jobs#x", "http://localhost/_jobs", "http://evil.example/_jobs", "/%c0%af_jobs", "/%_jobs",
			"/%ef%bc%bfjobs", "*", "_jobs", "/../_jobs", "/_jobs/..;/_jobs" })
	void noSpellingOfThePathRunsWhatIsNotSigned(String path) throws IOException {
		Answer answer = server().send("POST", path, unsigned(), "X-Mark: " + MARK);
		assertThat(answer.status()).isIn(400, 401, 404, 405);
		assertThat(answer.headers()).doesNotContainKeys("location", "set-cookie");
		assertThat(runs()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/_jobs?", "/_jobs?_method=DELETE", "/_jobs?jsessionid=1", "/%5Fjobs", "/_jobs;x=1" })
	void whatTheServerTakesForThePathRunsWhatIsSigned(String path) throws IOException {
		assertThat(server().send("POST", path, good()).status()).isEqualTo(204);
		assertThat(runs()).containsExactly("echo good");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json", "application/jose", "APPLICATION/JSON",
			"application/json;charset=utf-8", "application/json; charset=UTF-8", "application/json; charset=\"UTF-8\"",
			"application/jose;charset=utf-8", "application/json ; profile=x" })
	void takesJsonAndJose(String type) throws IOException {
		assertThat(post(good(), "Content-Type: " + type).status()).isEqualTo(204);
		assertThat(runs()).containsExactly("echo good");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "text/plain", "text/json", "application/x-www-form-urlencoded",
			"multipart/form-data; boundary=qZ7mark", "application/json;charset=iso-8859-1",
			"application/json; charset=utf-16", "application/json; Charset=\"UTF-16\"",
			"application/json;charset=utf-16;charset=utf-8", "application/json;charset=utf-8;charset=utf-16",
			"application/jsonx", "application/*", "*/*", "application/json, text/plain", "application/jose+json",
			"application", ";", "application/xml", "json", "application/json\u00a0" })
	void takesNoOtherContentType(String type) throws IOException {
		assertRefused(post(good(), "Content-Type: " + type), 415);
	}

	@Test
	void wantsAContentType() throws IOException {
		assertRefused(server().exchange(
				"POST /_jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + good().length + "\r\n\r\n",
				good()), 415);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "deflate", "br", "x-qZ7mark", "gzip, gzip" })
	void takesNoEncodedContent(String encoding) throws IOException {
		assertRefused(post(good(), "Content-Encoding: " + encoding), 415);
	}

	@Test
	void refusesABodyTooLongByItsLengthWithoutWaitingForIt() throws IOException {
		String head = head("Content-Length: " + (MessageLimits.MAX_BYTES + 1L));
		assertRefused(server().exchange(head, new byte[0]), 413);
	}

	@Test
	void refusesABodyOfAGigabyteByItsLength() throws IOException {
		assertRefused(server().exchange(head("Content-Length: 9223372036854775807"), new byte[0]), 413);
	}

	@Test
	void refusesABodyTooLongInChunks() throws IOException {
		byte[] body = junk(MessageLimits.MAX_BYTES + 1);
		assertRefused(server().exchange(head("Transfer-Encoding: chunked"), chunks(body)), 413);
	}

	@Test
	void readsABodyOfTheGreatestLength() throws IOException {
		assertRefused(post(junk(MessageLimits.MAX_BYTES)), 401);
	}

	@Test
	void runsAMessageInChunks() throws IOException {
		Answer answer = server().exchange(head("Transfer-Encoding: chunked"), chunks(good()));
		assertThat(answer.status()).isEqualTo(204);
		assertThat(runs()).containsExactly("echo good");
	}

	@Test
	void runsAMessageAlmostAsLongAsTheLimit() throws IOException {
		String text = "x".repeat(990_000);
		String args = "[[\"" + text + "\",\"" + "y".repeat(130_000) + "\"]]";
		String body = signed(message("endpoint.texts").with("args", args));
		assertThat(body.length()).isBetween(1_490_000, MessageLimits.MAX_BYTES);
		assertThat(post(body).status()).isEqualTo(204);
		assertThat(runs()).singleElement().asString().startsWith("texts [" + text + ",");
	}

	@Test
	void runsAMessageOfACallerThatWaitsForContinue() throws IOException {
		Answer answer = post(good(), "Expect: 100-continue");
		assertThat(answer.status()).isEqualTo(204);
		assertThat(runs()).containsExactly("echo good");
	}

	@Test
	void runsAMessageOverHttp10() throws IOException {
		Answer answer = server().exchange("POST /_jobs HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: "
				+ good().length + "\r\n\r\n", good());
		assertThat(answer.status()).isEqualTo(204);
		assertThat(runs()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\r\n\t ", "e", "\"", "\"\"", "\"e", "..", "e..", "e.e.e", "e.e.e.e.e", "....",
			"\u0000", "eyJ", "null", "true", "0", "qZ7mark", "<a>qZ7mark</a>", "a=qZ7mark", "{}", "[]", "{", "\uFEFF" })
	void refusesABodyThatNobodyVouchesFor(String body) throws IOException {
		assertRefused(post(body), 401);
	}

	@Test
	void refusesAMessageThatIsNotSigned() throws IOException {
		assertRefused(post(unsigned()), 401);
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1", "X-Real-IP: 127.0.0.1",
			"X-CloudTasks-QueueName: default", "X-AppEngine-QueueName: default", "Authorization: Bearer qZ7mark",
			"Authorization: Basic dXNlcjpxWjdtYXJr", "x-amzn-lambda-context: {}", "X-Goog-PubSub-Message-Id: 1",
			"X-Aws-Sqsd-Msgid: 1", "User-Agent: Google-Cloud-Tasks", "Host: localhost:1",
			"Cookie: JSESSIONID=qZ7mark" })
	void believesNoHeaderOfWhoeverSendsIt(String header) throws IOException {
		assertHarmlessAndNothingRan(post(unsigned(), header));
	}

	@Test
	void aBodyThatEndsEarlyRunsNothing() throws IOException {
		try (Socket socket = server().connect()) {
			OutputStream out = socket.getOutputStream();
			out.write(head("Content-Length: " + good().length).getBytes(StandardCharsets.US_ASCII));
			out.write(good(), 0, good().length - 10);
			socket.shutdownOutput();
			byte[] answer = Server.readAll(socket.getInputStream());
			if (answer.length > 0) {
				assertRefused(Answer.parse(answer), 400);
			}
		}
		assertThat(runs()).isEmpty();
	}

	@Test
	void aBodyThatStopsComingIsGivenUp() throws IOException {
		try (Socket socket = server().connect()) {
			OutputStream out = socket.getOutputStream();
			out.write(head("Content-Length: " + good().length).getBytes(StandardCharsets.US_ASCII));
			out.write(good(), 0, good().length - 10);
			out.flush();
			assertRefused(Answer.parse(Server.readAll(socket.getInputStream())), 400);
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "zz\r\nabc\r\n0\r\n\r\n", "-1\r\nabc\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\nabc", "5\r\nab" })
	void brokenChunksRunNothing(String body) throws IOException {
		Answer answer = server().exchange(head("Transfer-Encoding: chunked"), body.getBytes(StandardCharsets.US_ASCII));
		assertRefused(answer, 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 5\r\nContent-Length: 6", "Content-Length: -1", "Content-Length: x",
			"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Transfer-Encoding: qZ7mark" })
	void aLengthThatCannotBeRunsNothing(String header) throws IOException {
		Answer answer = server().exchange(head(header), good());
		assertThat(answer.status()).isBetween(400, 501);
		assertHarmlessAndNothingRan(answer);
	}

	@Test
	void theAnswerOfAFailedJobShowsNothingOfIt() throws IOException {
		Answer answer = post(signed(message("endpoint.fails").with("args", "[\"" + MARK + "\"]")));
		assertThat(answer.status()).isEqualTo(422);
		assertOwnProblem(answer);
		assertThat(runs()).containsExactly("fails");
	}

	@Test
	void theAnswerOfAJobThatThrowsAnErrorShowsNothingOfIt() throws IOException {
		Answer answer = post(signed(message("endpoint.overflows")));
		assertThat(answer.status()).isEqualTo(422);
		assertOwnProblem(answer);
		assertThat(runs()).containsExactly("overflows");
	}

	@Test
	void aJobThatLeavesItsThreadInterruptedIsAnswered() throws IOException {
		Answer answer = post(signed(message("endpoint.interrupts")));
		assertThat(answer.status()).isEqualTo(204);
		assertThat(runs()).containsExactly("interrupts");
	}

	private static void assertHarmlessAndNothingRan(Answer answer) {
		assertThat(answer.status()).isBetween(400, 501);
		assertHarmless(answer);
		assertThat(runs()).isEmpty();
	}

	private static String head(String header) {
		return "POST /_jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n" + header
				+ "\r\n\r\n";
	}

	private static byte[] good() {
		return signed(message("endpoint.echo").with("args", "[\"good\"]")).getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] unsigned() {
		return message("endpoint.echo").with("args", "[\"" + MARK + "\"]").json().getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] junk(int length) {
		byte[] junk = new byte[length];
		Arrays.fill(junk, (byte) 'e');
		return junk;
	}

	private static byte[] chunks(byte[] body) {
		StringBuilder chunks = new StringBuilder(body.length + 10_000);
		for (int start = 0; start < body.length; start += 8000) {
			int length = Math.min(8000, body.length - start);
			chunks.append(Integer.toHexString(length))
				.append("\r\n")
				.append(new String(body, start, length, StandardCharsets.ISO_8859_1))
				.append("\r\n");
		}
		return chunks.append("0\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
	}

}
