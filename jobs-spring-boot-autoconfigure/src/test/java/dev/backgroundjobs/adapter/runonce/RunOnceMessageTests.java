package dev.backgroundjobs.adapter.runonce;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import dev.backgroundjobs.TestKeys;
import dev.backgroundjobs.message.EncryptionKeys;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.KeyMaterial;
import dev.backgroundjobs.message.SigningKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The message is data: taken as it is, resolved, bound, shown and logged nowhere.
 */
@ExtendWith(OutputCaptureExtension.class)
class RunOnceMessageTests {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final Probe probe = new Probe();

	private final OnceStart start = new OnceStart(Application.class).bean("probe", this.probe);

	@ParameterizedTest
	@ValueSource(strings = { "it's \"quoted\"", "two\nlines\r\n\tand a tab", "$HOME $(X) $$(X) $1 \\$ \\",
			"${PATH} ${user.home} ${jobs.backend}", "${JOBS_MESSAGE} ${jobs.message} ${jobs.args}",
			"${nobody} ${ ${{ ${a:${b}} }", "#{T(java.lang.System).exit(1)} %s {0} ${jndi:ldap://x}",
			"Zürich, 東京, \uD83D\uDE80, \u2028", "\u0001\u001f\u0000" })
	void arrivesAsItIs(String text) {
		assertThat(this.start.message(Probe.message("probe.say", JSON.writeValueAsString(new String[] { text }))).run())
			.isZero();
		assertThat(this.probe.said).containsExactly(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "it's \"quoted\"", "$(X) ${PATH} ${nobody} ${ #{1+1}", "a,b --jobs.run=x", "東京 ü" })
	void typedArgumentsArriveAsTheyAre(String text) {
		this.start.with("--jobs.queues.probes.backend=local", "--jobs.run=probe.say",
				"--jobs.args=" + JSON.writeValueAsString(new String[] { text }));
		assertThat(this.start.run()).isZero();
		assertThat(this.probe.said).containsExactly(text);
	}

	@Test
	void typedArgumentsMayComeAsVariables() {
		this.start.variable("JOBS_RUN", "probe.say").variable("JOBS_ARGS", "[\"${a} $(b)\"]");
		assertThat(this.start.run()).isZero();
		assertThat(this.probe.said).containsExactly("${a} $(b)");
	}

	@Test
	void aSignedMessageIsRead() {
		this.start.with("--jobs.signing.required=true", "--jobs.signing.key-id=k1",
				"--jobs.signing.keys.k1=" + TestKeys.secret("k1"));
		String message = encode(signing());
		assertThat(message).startsWith("e").doesNotContain("hello");
		assertThat(this.start.message(message).run()).isZero();
		assertThat(this.probe.said).containsExactly("hello");
	}

	@Test
	void aSignedMessageOfAFileThatEndsWithALineIsRead(@TempDir Path directory) throws IOException {
		this.start.with("--jobs.signing.key-id=k1", "--jobs.signing.keys.k1=" + TestKeys.secret("k1"));
		Path file = Files.writeString(directory.resolve("message"), encode(signing()) + "\r\n");
		assertThat(this.start.variable(RunOnce.MESSAGE_FILE, file.toString()).run()).isZero();
		assertThat(this.probe.said).containsExactly("hello");
	}

	@Test
	void anEncryptedMessageIsRead() {
		JobMessageCodec codec = new JobMessageCodec(SigningKeys.none(),
				new EncryptionKeys("e1", Map.of("e1", KeyMaterial.of(TestKeys.secret("e1")))), Clock.systemUTC());
		this.start.with("--jobs.encryption.key-id=e1", "--jobs.encryption.keys.e1=" + TestKeys.secret("e1"));
		assertThat(this.start.message("\"" + encode(codec) + "\"").run()).isZero();
		assertThat(this.probe.said).containsExactly("hello");
	}

	@Test
	void nothingOfItIsInTheEnvironment() {
		Environments environments = new Environments();
		this.start
			.with((application) -> application.addInitializers((context) -> context.getBeanFactory()
				.registerSingleton("look", (ApplicationRunner) (args) -> environments.look(context.getEnvironment()))))
			.with("--jobs.args=[\"secret\"]", "--jobs.run=probe.say")
			.variable("JOBS_ARGS", "[\"secret\"]")
			.variable("jobs_message", "secret")
			.message("secret");
		assertThat(this.start.run()).isZero();
		assertThat(environments.found).hasSizeGreaterThan(10).containsKey("PATH").doesNotContainValue("secret");
		assertThat(environments.found.toString()).doesNotContain("secret", "probe.say", "jobs.run", "JOBS_MESSAGE");
		assertThat(environments.bound).containsEntry("backend", "keeper").doesNotContainKeys("run", "args", "message");
	}

	@Test
	void nothingOfItIsLoggedByWhateverLogs(CapturedOutput output) {
		this.start.with("--logging.level.root=debug", "--logging.level.dev.backgroundjobs=trace",
				"--jobs.queues.probes.dead-letter=graves");
		assertThat(this.start.message(Probe.message("probe.say", "[\"a-secret\"]")).run()).isZero();
		assertThat(output).contains("DEBUG").doesNotContain("a-secret");
	}

	@Test
	void nothingThatIsTypedIsLoggedByWhateverLogs(CapturedOutput output) {
		this.start.with("--logging.level.root=debug", "--jobs.run=probe.say", "--jobs.args=[\"a-secret\"]");
		assertThat(this.start.run()).isZero();
		assertThat(output).contains("DEBUG").doesNotContain("a-secret");
	}

	@Test
	void theArgumentsOfOthersStay() {
		this.start.with("--jobs.run=probe.say", "--jobs.args=[\"a\"]", "--debug", "--list=a", "--list=b", "plain")
			.with((application) -> application.addInitializers((context) -> {
				this.probe.said.add(context.getEnvironment().getProperty("list"));
				this.probe.said.add(String.valueOf(context.getEnvironment().containsProperty("debug")));
			}));
		assertThat(this.start.run()).isZero();
		assertThat(this.probe.said).containsExactly("a,b", "true", "a");
	}

	@Test
	void theVariablesOfAnApplicationKeepTheirPrefix() {
		this.start.variable("SHOP_COLOR", "red")
			.message(Probe.message("probe.say", "[\"a\"]"))
			.with((application) -> application.setEnvironmentPrefix("shop"))
			.with((application) -> application.addInitializers((context) -> this.probe.said
				.add(Binder.get(context.getEnvironment()).bind("color", String.class).orElse("none"))));
		assertThat(this.start.run()).isZero();
		assertThat(this.probe.said).containsExactly("red", "a");
	}

	private static JobMessageCodec signing() {
		return new JobMessageCodec(
				new SigningKeys("k1", Map.of("k1", KeyMaterial.of(TestKeys.secret("k1"))), null, Duration.ofDays(1)),
				Clock.systemUTC());
	}

	private static String encode(JobMessageCodec codec) {
		return codec
			.encode(codec.decode(Probe.message("probe.say", "[\"hello\"]").getBytes(StandardCharsets.UTF_8), true)
				.message())
			.text();
	}

	/**
	 * What a property can be got from.
	 */
	static class Environments {

		final Map<String, String> found = new TreeMap<>();

		final Map<String, Object> bound = new TreeMap<>();

		void look(ConfigurableEnvironment environment) {
			for (PropertySource<?> source : environment.getPropertySources()) {
				if (source instanceof EnumerablePropertySource<?> all) {
					for (String name : all.getPropertyNames()) {
						this.found.put(name, String.valueOf(all.getProperty(name)));
					}
				}
			}
			this.bound.putAll(Binder.get(environment).bind("jobs", Bindable.mapOf(String.class, Object.class)).get());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Object nothing() {
			return new Object();
		}

	}

}
