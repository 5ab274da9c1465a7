package dev.backgroundjobs.docs;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What the documentation has people type is what the tools take, where they are
 * installed. It shows that a command and its flags exist, not what they do.
 */
class DeploymentPageTests {

	private static final Path DOCS = Path.of("..", "docs");

	// In blocks and between backticks, as far as the shell would give it to gcloud.
	private static final Pattern COMMAND = Pattern.compile("gcloud ((?:\"[^\"]*\"|'[^']*'|[^`|;)>\\n\"'])+)");

	private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|\\S)+");

	@Test
	void everyCommandOfGcloudExistsWithItsFlags() throws IOException {
		JsonNode tree = commands();
		List<String> wrong = new ArrayList<>();
		int commands = 0;
		try (Stream<Path> pages = Files.walk(DOCS)) {
			for (Path page : pages.filter((file) -> file.toString().endsWith(".md")).toList()) {
				Matcher command = COMMAND.matcher(Files.readString(page).replace("\\\n", " "));
				while (command.find()) {
					commands++;
					String problem = problem(tree, command.group(1));
					if (problem != null) {
						wrong.add(page.getFileName() + ": gcloud " + command.group(1).strip() + ": " + problem);
					}
				}
			}
		}
		assertThat(wrong).isEmpty();
		assertThat(commands).isGreaterThan(40);
	}

	private static String problem(JsonNode tree, String command) {
		JsonNode node = tree;
		List<JsonNode> flags = new ArrayList<>(List.of(tree.path("flags")));
		Matcher word = WORD.matcher(command);
		while (word.find()) {
			String name = word.group().split("=", 2)[0];
			if (name.startsWith("--")) {
				boolean known = flags.stream()
					.anyMatch((some) -> some.has(name)
							|| some.path(name.replaceFirst("^--no-", "--")).asString("").equals("bool"));
				if (!known) {
					return "no flag " + name;
				}
			}
			else if (node.path("commands").has(name)) {
				node = node.path("commands").path(name);
				flags.add(node.path("flags"));
			}
			else if (!node.path("commands").isEmpty()) {
				return "no command " + name;
			}
		}
		return node.path("commands").isEmpty() ? null : "a group, not a command";
	}

	// The CLI's own list, for the completion of the shell.
	private static JsonNode commands() throws IOException {
		Optional<Path> gcloud = installed("gcloud");
		assumeTrue(gcloud.isPresent(), "SKIPPED: no gcloud to compare the commands of docs/ with");
		Path sdk = gcloud.get().toRealPath().getParent().getParent();
		Path completions = sdk.resolve("data/cli/gcloud_completions.py");
		assumeTrue(Files.isRegularFile(completions), "SKIPPED: this gcloud has no list of its commands");
		String tree = Files.readString(completions);
		return JsonMapper.builder().build().readTree(tree.substring(tree.indexOf("= {") + 2));
	}

	@Test
	void terraformFilesAreFormatted() throws Exception {
		Optional<Path> terraform = installed("terraform");
		assumeTrue(terraform.isPresent(), "SKIPPED: no terraform to format docs/deploy with");
		run(DOCS, terraform.get().toString(), "fmt", "-check", "-diff", "-recursive", "deploy");
	}

	/**
	 * Against the schema of the provider, where a directory of providers is named.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "aws-queues", "lambda", "sqs" })
	void terraformFilesForAwsAreValid(String name, @TempDir Path copy) throws Exception {
		Optional<Path> terraform = installed("terraform");
		String plugins = System.getenv("TERRAFORM_PLUGINS");
		assumeTrue(terraform.isPresent() && plugins != null,
				"SKIPPED: no terraform, or no TERRAFORM_PLUGINS with a provider, to validate docs/deploy/" + name);
		FileSystemUtils.copyRecursively(DOCS.resolve("deploy"), copy);
		String command = terraform.get().toString();
		run(copy.resolve(name), command, "init", "-input=false", "-no-color", "-plugin-dir=" + plugins);
		assertThat(run(copy.resolve(name), command, "validate", "-no-color")).contains("The configuration is valid");
	}

	private static String run(Path directory, String... command) throws Exception {
		Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(process.exitValue()).as(output).isZero();
		return output;
	}

	private static Optional<Path> installed(String tool) {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.map((directory) -> Path.of(directory, tool))
			.filter(Files::isExecutable)
			.findFirst();
	}

}
