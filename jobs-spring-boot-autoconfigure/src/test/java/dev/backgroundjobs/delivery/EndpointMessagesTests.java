package dev.backgroundjobs.delivery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is wrong within a valid signature: the sender has the key and makes mistakes.
 */
class EndpointMessagesTests extends EndpointFixtureTests {

	@BeforeAll
	static void start() {
		use(Server.startPlain());
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatIsNotJson(byte[] payload) throws IOException {
		assertRefused(post(jws(header(), payload, K1).getBytes(StandardCharsets.US_ASCII)), 400);
	}

	static Stream<Named<byte[]>> refusesWhatIsNotJson() {
		String good = message("endpoint.echo").with("args", "[\"" + MARK + "\"]").json();
		Stream<Named<byte[]>> texts = Stream
			.of("", " ", MARK, "[]", "\"" + MARK + "\"", "null", "true", "1", "{}", "{", "}", "[" + good + "]",
					good.substring(0, good.length() - 1), good.substring(0, good.length() / 2), good + good,
					good + "{}", good + "]", good + " x", good + "\u0000", good + ",", "\u0000" + good,
					good.replace("\"args\"", "args"), good.replace('"', '\''), good.replace("[\"", "[\"\u0001"),
					good.replace("[\"", "[\"\\x"), good.replace("[\"", "[\"\\ud8"), good.replace(",\"args", ",,\"args"),
					good.replace("\"args\":", "\"args\" "), good.replace("\"attempt\":1", "\"attempt\":01"),
					good.replace("\"attempt\":1", "\"attempt\":+1"), good.replace("\"attempt\":1", "\"attempt\":NaN"),
					good.replace("\"attempt\":1", "\"attempt\":0x1"), good.replace("{\"v", "{/**/\"v"),
					good.replace("{\"v", "{//\n\"v"), good.replace("{\"v", "{#\n\"v"),
					good.replace("\"seq\":0", "\"seq\":0,"), good.substring(0, good.length() - 1) + ",}",
					"<message>" + MARK + "</message>", "v=1&job=endpoint.echo")
			.map((text) -> Named.of("'" + text + "'", text.getBytes(StandardCharsets.UTF_8)));
		Stream<Named<byte[]>> charsets = Stream
			.of("UTF-16", "UTF-16LE", "UTF-16BE", "x-UTF-16LE-BOM", "UTF-32", "UTF-32LE", "UTF-32BE", "IBM037")
			.map((charset) -> Named.of(charset, good.getBytes(Charset.forName(charset))));
		return Stream.concat(texts, charsets);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			a byte that never starts a character,   FF
			a byte that continues nothing,          80
			a character cut short,                  E4B8
			a character cut short by another,       C341
			beyond the last character,              F8808080
			a slash in two bytes,                   C0AF
			half a surrogate pair,                  EDA080
			""")
	void refusesWhatIsNotUtf8(String what, String hex) throws IOException {
		ByteArrayOutputStream payload = new ByteArrayOutputStream();
		String[] parts = message("endpoint.echo").with("args", "[\"^\"]").json().split("\\^");
		payload.writeBytes(parts[0].getBytes(StandardCharsets.UTF_8));
		payload.writeBytes(HexFormat.of().parseHex(hex));
		payload.writeBytes(parts[1].getBytes(StandardCharsets.UTF_8));
		assertRefused(post(jws(header(), payload.toByteArray(), K1).getBytes(StandardCharsets.US_ASCII)), 400);
	}

	@Test
	void refusesANameInASpellingOfUtf8ThatIsNotAllowed() throws IOException {
		ByteArrayOutputStream payload = new ByteArrayOutputStream();
		String[] parts = message("endpoint.none").json().split("\\.none");
		payload.writeBytes(parts[0].getBytes(StandardCharsets.UTF_8));
		payload.writeBytes(HexFormat.of().parseHex("C0AE6E6F6E65"));
		payload.writeBytes(parts[1].getBytes(StandardCharsets.UTF_8));
		assertRefused(post(jws(header(), payload.toByteArray(), K1).getBytes(StandardCharsets.US_ASCII)), 400);
	}

	@Test
	void readsTheArgumentsBehindAByteOrderMark() throws IOException {
		String json = "\uFEFF" + message("endpoint.echo").with("args", "[\"Grüße\"]").with("x", "\"y\"").json();
		assertThat(post(signed(json)).status()).isEqualTo(204);
		assertThat(runs()).containsExactly("echo Grüße");
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatIsTwice(String json) throws IOException {
		assertRefused(post(signed(json)), 400);
	}

	static Stream<Named<String>> refusesWhatIsTwice() {
		String good = message("endpoint.echo").with("args", "[\"x\"]").json();
		return Stream.of(Named.of("job", good.replace("\"job\":", "\"job\":\"endpoint.none\",\"job\":")),
				Named.of("job, escaped", good.replace("\"job\":", "\"\\u006aob\":\"endpoint.none\",\"job\":")),
				Named.of("args", good.replace("\"args\":", "\"args\":[],\"args\":")),
				Named.of("unknown field", good.replace("\"args\":", "\"x\":1,\"x\":1,\"args\":")),
				Named.of("in an unknown field", good.replace("\"args\":", "\"x\":{\"y\":1,\"y\":1},\"args\":")),
				Named.of("in headers", good.replace("\"args\":", "\"headers\":{\"y\":\"\",\"y\":\"\"},\"args\":")),
				Named.of("in error", good.replace("\"args\":", "\"error\":{\"y\":\"\",\"y\":\"\"},\"args\":")),
				Named.of("in an argument",
						message("endpoint.order").with("args", "[{\"id\":\"a\",\"count\":1,\"id\":\"b\"}]").json()),
				Named.of("deep in an argument",
						message("endpoint.order").with("args", "[{\"id\":\"a\",\"x\":[{\"y\":1,\"y\":2}]}]").json()));
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatIsBeyondALimit(Message message) throws IOException {
		assertRefused(post(signed(message)), 400);
	}

	static Stream<Named<Message>> refusesWhatIsBeyondALimit() {
		String deep = "[".repeat(100) + "]".repeat(100);
		String tokens = "[" + "1,".repeat(200_000) + "1]";
		String digits = "1".repeat(1001);
		return Stream.of(Named.of("too deep arguments", message("endpoint.texts").with("args", deep)),
				Named.of("a too deep unknown field", message("endpoint.none").with("x", deep)),
				Named.of("too deep objects",
						message("endpoint.none").with("x", "{\"a\":".repeat(100) + "1" + "}".repeat(100))),
				Named.of("far too deep", message("endpoint.none").with("x", "[".repeat(500_000) + "]".repeat(500_000))),
				Named.of("never closed", message("endpoint.none").with("x", "[".repeat(1_000_000))),
				Named.of("too many tokens in arguments", message("endpoint.texts").with("args", tokens)),
				Named.of("too many tokens in an unknown field", message("endpoint.none").with("x", tokens)),
				Named.of("too long a number in arguments",
						message("endpoint.numbers").with("args", "[" + digits + "]")),
				Named.of("too long a fraction in arguments",
						message("endpoint.numbers").with("args", "[1,1,0." + digits + ",true]")),
				Named.of("too long a number", message("endpoint.none").with("seq", digits)),
				Named.of("too long a number in an unknown field", message("endpoint.none").with("x", digits)),
				Named.of("too great an exponent", message("endpoint.none").with("attempt", "1e999999999")),
				Named.of("too long a name in arguments",
						message("endpoint.map").with("args", "[{\"" + "n".repeat(10_001) + "\":\"\"}]")),
				Named.of("too long a name", message("endpoint.none").with("n".repeat(10_001), "1")),
				Named.of("too long a string in a header",
						message("endpoint.none").with("headers", "{\"x\":\"" + "s".repeat(1_000_001) + "\"}")),
				Named.of("too long a name of a job", message("n".repeat(1_000_001))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "v", "id", "seq", "job", "queue", "args", "attempt", "enqueuedAt" })
	void refusesAMessageThatLacksAField(String field) throws IOException {
		assertRefused(post(signed(message("endpoint.none").without(field))), 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "v", "id", "seq", "job", "queue", "args", "attempt", "enqueuedAt", "runAt", "expiresAt",
			"priority", "interruptions", "unknown", "relay", "error", "headers" })
	void refusesANullInAField(String field) throws IOException {
		assertRefused(post(signed(message("endpoint.none").with(field, "null"))), 400);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			v             | "1"
			v             | 1.0
			v             | 1e0
			v             | 0
			v             | -1
			v             | true
			v             | [1]
			v             | 18446744073709551617
			id            | 1
			id            | ""
			id            | "qZ7mark"
			id            | "0123456789abcdef0123456789abcdef"
			id            | "01234567-89ab-cdef-0123-456789abcdeg"
			id            | "01234567-89ab-cdef-0123-456789abcdef\\n"
			id            | "../../../../../../../../../etc/passwd"
			id            | "０1234567-89ab-cdef-0123-456789abcdef"
			seq           | -1
			seq           | "0"
			seq           | 0.0
			seq           | 2147483648
			seq           | 4294967296
			seq           | 1000000001
			job           | 1
			job           | ""
			job           | " "
			job           | ["endpoint.none"]
			job           | "endpoint none"
			job           | "endpoint.none\\n"
			job           | "endpoint.none\\u0000"
			job           | "endpoint/none"
			job           | "#{endpoint}"
			queue         | 1
			queue         | ""
			queue         | "Default"
			queue         | "-default"
			queue         | "default-"
			queue         | "de--fault"
			queue         | "de_fault"
			queue         | "1default"
			queue         | "default\\n"
			queue         | "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			queue         | "../default"
			args          | {}
			args          | "[]"
			args          | 1
			args          | true
			args          | {"0":"x"}
			attempt       | 0
			attempt       | -1
			attempt       | "1"
			attempt       | 1.5
			attempt       | 9999999999
			enqueuedAt    | 1700000000
			enqueuedAt    | ""
			enqueuedAt    | "yesterday"
			enqueuedAt    | "2026-13-01T00:00:00Z"
			enqueuedAt    | "2026-01-01"
			enqueuedAt    | "2026-01-01T00:00:00"
			enqueuedAt    | "1969-12-31T23:59:59Z"
			enqueuedAt    | "+1000000000-01-01T00:00:00Z"
			enqueuedAt    | "+10000-01-01T00:00:00Z"
			runAt         | 1700000000
			runAt         | ""
			runAt         | "-1000000000-01-01T00:00:00Z"
			runAt         | "+999999999-12-31T23:59:59Z"
			runAt         | true
			expiresAt     | 0
			expiresAt     | "soon"
			expiresAt     | "+999999999-12-31T23:59:59Z"
			priority      | "high"
			priority      | 1.5
			priority      | 9999999999
			priority      | []
			interruptions | -1
			interruptions | "1"
			unknown       | -1
			unknown       | "1"
			relay         | "true"
			relay         | 1
			relay         | {}
			error         | "qZ7mark"
			error         | []
			error         | 1
			headers       | []
			headers       | "x"
			headers       | {"x":1}
			headers       | {"x":null}
			headers       | {"x":{}}
			headers       | {"x":["y"]}
			""")
	void refusesAFieldOfTheWrongTypeOrValue(String field, String json) throws IOException {
		assertRefused(post(signed(message("endpoint.none").with(field, json))), 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Endpoint.none", "ENDPOINT.NONE", "endpoint.None", "endpoint.non", "endpoint.nonee",
			"endpoint.none.", ".endpoint.none", "endpoint..none", "endpoint_none", "endpoint-none", "endpointnone",
			"jobs.none", "endpointFixtureTests.Jobs.none", "toString", "endpoint.hashCode", "none",
			"java.lang.Runtime.exec", "dev.backgroundjobs.delivery.EndpointFixtureTests" })
	void putsOffANameThatOnlyLooksLikeAJob(String name) throws IOException {
		assertRefused(post(signed(message(name))), 404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "еndpoint.none", "endpoint.nоne", "endpoint.none\u200b", "\ufeffendpoint.none",
			"endpoint．none", "endpoint.none\u0301", "ｅndpoint.none", "endpo\u0131nt.none" })
	void refusesANameInOtherLetters(String name) throws IOException {
		assertRefused(post(signed(message(name))), 400);
	}

	@Test
	void runsAJobByItsFormerName() throws IOException {
		assertThat(post(signed(message("endpoint.former").with("args", "[\"x\"]"))).status()).isEqualTo(204);
		assertThat(runs()).containsExactly("echo x");
	}

	@Test
	void putsOffAMessageOfANewerVersion() throws IOException {
		assertRefused(post(signed(message("endpoint.none").with("v", "2").with("args", "{}"))), 404);
	}

	@Test
	void ignoresAFieldItDoesNotKnow() throws IOException {
		assertThat(post(signed(message("endpoint.none").with("novelty", "{\"a\":[1,{}]}").with("x", "null"))).status())
			.isEqualTo(204);
		assertThat(runs()).containsExactly("none");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			endpoint.none    | [1]
			endpoint.none    | [null]
			endpoint.none    | [{}]
			endpoint.echo    | []
			endpoint.echo    | ["a","b"]
			endpoint.echo    | ["a",null]
			endpoint.echo    | [1]
			endpoint.echo    | [1.5]
			endpoint.echo    | [true]
			endpoint.echo    | [{}]
			endpoint.echo    | [{"text":"a"}]
			endpoint.echo    | [[]]
			endpoint.echo    | [["a"]]
			endpoint.numbers | []
			endpoint.numbers | [1,2,3.5]
			endpoint.numbers | [1,2,3.5,true,0]
			endpoint.numbers | [null,2,3.5,true]
			endpoint.numbers | [1,null,3.5,true]
			endpoint.numbers | [1,2,null,true]
			endpoint.numbers | [1,2,3.5,null]
			endpoint.numbers | ["",2,3.5,true]
			endpoint.numbers | [" ",2,3.5,true]
			endpoint.numbers | ["null",2,3.5,true]
			endpoint.numbers | [1,"null",3.5,true]
			endpoint.numbers | [1,2,"null",true]
			endpoint.numbers | [1,2,3.5,"null"]
			endpoint.numbers | ["one",2,3.5,true]
			endpoint.numbers | [1.5,2,3.5,true]
			endpoint.numbers | [1.0,2,3.5,true]
			endpoint.numbers | [2147483648,2,3.5,true]
			endpoint.numbers | [1,9223372036854775808,3.5,true]
			endpoint.numbers | [true,2,3.5,true]
			endpoint.numbers | [[1],2,3.5,true]
			endpoint.numbers | [[],2,3.5,true]
			endpoint.numbers | [{},2,3.5,true]
			endpoint.numbers | [1,"",3.5,true]
			endpoint.numbers | [1,2,"",true]
			endpoint.numbers | [1,2,true,true]
			endpoint.numbers | [1,2,3.5,1]
			endpoint.numbers | [1,2,3.5,0]
			endpoint.numbers | [1,2,3.5,""]
			endpoint.numbers | [1,2,3.5,"yes"]
			endpoint.order   | []
			endpoint.order   | ["a"]
			endpoint.order   | [""]
			endpoint.order   | [1]
			endpoint.order   | [true]
			endpoint.order   | [[]]
			endpoint.order   | [["a",1]]
			endpoint.order   | [[{"id":"a","count":1}]]
			endpoint.order   | [{"id":"a","count":"x"}]
			endpoint.order   | [{"id":"a","count":""}]
			endpoint.order   | [{"id":"a","count":1.5}]
			endpoint.order   | [{"id":"a","count":true}]
			endpoint.order   | [{"id":1,"count":1}]
			endpoint.order   | [{"id":{},"count":1}]
			endpoint.order   | [{"id":"a","count":1},{}]
			endpoint.texts   | ["a"]
			endpoint.texts   | [{}]
			endpoint.texts   | [""]
			endpoint.texts   | [[1]]
			endpoint.texts   | [[["a"]]]
			endpoint.texts   | [[["a","b"]]]
			endpoint.texts   | [[["a"],"b"]]
			endpoint.tagged  | [[["a"],"b"]]
			endpoint.tagged  | [[["a"]],"b"]
			endpoint.tagged  | [["a"]]
			endpoint.parcel  | [{"tags":[["a"]],"id":"b"}]
			endpoint.parcel  | [{"tags":[["a"],"x"],"id":"b"}]
			endpoint.parcel  | [{"id":"b","tags":[["a"]]}]
			endpoint.map     | [[]]
			endpoint.map     | [""]
			endpoint.map     | [{"a":1}]
			endpoint.map     | [{"a":{}}]
			endpoint.ends    | ["x","2026-01-01T00:00:00Z","RED"]
			endpoint.ends    | ["","2026-01-01T00:00:00Z","RED"]
			endpoint.ends    | ["01234567-89ab-cdef-0123-456789abcdef","","RED"]
			endpoint.ends    | ["01234567-89ab-cdef-0123-456789abcdef","today","RED"]
			endpoint.ends    | ["01234567-89ab-cdef-0123-456789abcdef","2026-01-01T00:00:00Z","red"]
			endpoint.ends    | ["01234567-89ab-cdef-0123-456789abcdef","2026-01-01T00:00:00Z",""]
			endpoint.ends    | ["01234567-89ab-cdef-0123-456789abcdef","2026-01-01T00:00:00Z",0]
			endpoint.ends    | ["01234567-89ab-cdef-0123-456789abcdef","2026-01-01T00:00:00Z","BLUE"]
			""")
	void doesNotRunAJobWithOtherArgumentsThanItsOwn(String job, String args) throws IOException {
		assertRefused(post(signed(message(job).with("args", args))), 422);
	}

	@Test
	void runsAJobWithItsArguments() throws IOException {
		assertThat(post(signed(message("endpoint.numbers").with("args", "[-1, 9007199254740993, 0.5, true]"))).status())
			.isEqualTo(204);
		assertThat(post(signed(message("endpoint.order").with("args", "[{\"count\":3,\"id\":\"a\",\"more\":{}}]")))
			.status()).isEqualTo(204);
		String id = UUID.randomUUID().toString();
		assertThat(post(
				signed(message("endpoint.ends").with("args", "[\"" + id + "\",\"2026-01-01T00:00:00Z\",\"GREEN\"]")))
			.status()).isEqualTo(204);
		assertThat(runs()).containsExactly("numbers -1 9007199254740993 0.5 true", "order Purchase[id=a, count=3]",
				"ends " + id + " 2026-01-01T00:00:00Z GREEN");
	}

	@ParameterizedTest
	@ValueSource(strings = { "#{T(java.lang.Runtime).getRuntime().exec('id')}", "#{systemProperties}", "${user.home}",
			"${jobs.signing.keys.k1}", "$${x}", "gid://app/User/1", "%s%n%x", "{0}", "{}", "<script>alert(1)</script>",
			"../../etc/passwd", "'; drop table jobs; --", "rmi://localhost/x", "java.util.ArrayList", "@{/x}", "*{x}",
			"\u202e", "\u0000", "\ud83d\ude00", "line\r\nSet-Cookie: x=y" })
	void takesATextForNothingButText(String text) throws IOException {
		String args = "[\"" + text.replace("\r\n", "\\r\\n").replace("\u0000", "\\u0000") + "\"]";
		Answer answer = post(signed(message("endpoint.echo").with("args", args)
			.with("headers", "{\"traceparent\":" + args.substring(1, args.length() - 1) + "}")));
		assertThat(answer.status()).isEqualTo(204);
		assertHarmless(answer);
		assertThat(runs()).containsExactly("echo " + text);
	}

	@Test
	void looksNothingUpOverJndi() throws IOException {
		try (ServerSocket ldap = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			String text = "${jndi:ldap://127.0.0.1:" + ldap.getLocalPort() + "/x}";
			assertThat(post(signed(message("endpoint.echo").with("args", "[\"" + text + "\"]"))).status())
				.isEqualTo(204);
			// In what is logged, too: a name, an error, a failure.
			assertThat(post(signed(message("endpoint.fails").with("args", "[\"" + text + "\"]"))).status())
				.isEqualTo(422);
			post(signed(message("endpoint.echo").with("args", "[1]")
				.with("error", "{\"type\":\"" + text + "\",\"message\":\"" + text + "\"}")));
			post(jws(header("\"alg\":\"HS256\",\"kid\":\"" + text + "\""), new byte[0], K1));
			assertThat(runs()).containsExactly("echo " + text, "fails");
			ldap.setSoTimeout(50);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(ldap::accept);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			[{"@class":"java.net.URL","a":"b"}]                   | map {@class=java.net.URL, a=b}
			[{"@type":"x","$type":"y","class":"z"}]               | map {@type=x, $type=y, class=z}
			[{"__proto__":"x","constructor":"y"}]                 | map {__proto__=x, constructor=y}
			[{"$ref":"gid://a","!!javax.naming":"ldap://x"}]      | map {$ref=gid://a, !!javax.naming=ldap://x}
			""")
	void takesAKeyForNothingButAKey(String args, String run) throws IOException {
		assertThat(post(signed(message("endpoint.map").with("args", args))).status()).isEqualTo(204);
		assertThat(runs()).containsExactly(run);
	}

	@Test
	void anArgumentDoesNotChooseItsType() throws IOException {
		assertThat(post(signed(message("endpoint.order").with("args",
				"[{\"@class\":\"javax.naming.InitialContext\",\"id\":\"a\",\"count\":1}]")))
			.status()).isEqualTo(204);
		assertThat(runs()).containsExactly("order Purchase[id=a, count=1]");
		server().runs().clear();
		assertRefused(post(signed(message("endpoint.order").with("args", "[[\"java.util.HashMap\",{\"id\":\"a\"}]]"))),
				422);
	}

	@Test
	void doesNotRunAMessageBeforeItsTime() throws IOException {
		Message message = message("endpoint.none").with("runAt", "\"9999-01-01T00:00:00Z\"");
		assertRefused(post(signed(message)), 422);
	}

	@Test
	void doesNotRunAMessageThatHasExpired() throws IOException {
		Answer answer = post(signed(message("endpoint.none").with("expiresAt", "\"2020-01-01T00:00:00Z\"")));
		assertThat(answer.status()).isEqualTo(204);
		assertThat(runs()).isEmpty();
	}

	@Test
	void survivesWhateverASignatureCovers() throws IOException {
		long seed = Long.getLong("endpoint.seed", System.nanoTime());
		System.out.println("survivesWhateverASignatureCovers: -Dendpoint.seed=" + seed);
		Random random = new Random(seed);
		for (int i = 0; i < 400; i++) {
			byte[] json = message("endpoint.echo").with("args", "[\"x\",{\"y\":[1.5,null]}]")
				.with("x", "{\"y\":[1,2]}")
				.with("headers", "{\"a\":\"b\"}")
				.json()
				.getBytes(StandardCharsets.UTF_8);
			Answer answer = post(jws(header(), mutated(json, random), K1).getBytes(StandardCharsets.US_ASCII));
			assertThat(answer.status()).as("seed " + seed + ", round " + i).isIn(204, 400, 404, 422);
			assertHarmless(answer);
			assertThat(runs()).as("seed " + seed + ", round " + i).isEmpty();
		}
	}

	private static byte[] mutated(byte[] json, Random random) {
		String structure = "{}[]\",:\\0-.eE \u0000\u0080\u00c3\u00ed\u00ef\u00ff";
		byte[] bytes = json.clone();
		for (int i = random.nextInt(4); i >= 0; i--) {
			bytes[random.nextInt(bytes.length)] = (byte) structure.charAt(random.nextInt(structure.length()));
		}
		int length = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length;
		return Arrays.copyOf(bytes, length);
	}

}
