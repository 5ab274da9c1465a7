package dev.backgroundjobs.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the documents show is what a test compiles, and what they link to is there.
 */
class DocumentationTests {

	private static final Path ROOT = Path.of("..");

	@Test
	void everyJavaBlockStandsInACompiledTest() throws IOException {
		String compiled = compiled();
		int blocks = 0;
		for (Path page : pages()) {
			for (String block : blocks(page, "java")) {
				blocks++;
				for (String part : block.split("\\R\\s*\\R")) {
					assertThat(compiled).as("%s in a test of this package:%n%s", page, part)
						.contains(part.lines().map(String::strip).collect(Collectors.joining("\n")));
				}
			}
		}
		assertThat(blocks).isPositive();
	}

	@Test
	void everyPropertyOfAYamlBlockExists() throws IOException {
		Set<String> known = properties();
		List<String> unknown = new ArrayList<>();
		int properties = 0;
		for (Path page : pages()) {
			for (String block : blocks(page, "yaml")) {
				for (PropertySource<?> source : new YamlPropertySourceLoader().load(page.toString(),
						new ByteArrayResource(block.getBytes(java.nio.charset.StandardCharsets.UTF_8)))) {
					for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
						properties++;
						if (known.stream().noneMatch((property) -> matches(property, name))) {
							unknown.add(page + ": " + name);
						}
					}
				}
			}
		}
		assertThat(unknown).isEmpty();
		assertThat(properties).isPositive();
	}

	@Test
	void thePageOfPropertiesHasThemAll() throws IOException {
		String page = Files.readString(ROOT.resolve("docs/properties.md"));
		Set<String> missing = new TreeSet<>();
		for (String property : properties()) {
			boolean listed = page.contains("`" + property + "`") || page.contains("`" + property + ".<");
			if (property.startsWith("jobs.") && !listed) {
				missing.add(property);
			}
		}
		assertThat(missing).isEmpty();
	}

	@Test
	void everyLinkLeadsToAFile() throws IOException {
		List<String> broken = new ArrayList<>();
		for (Path page : pages()) {
			Matcher link = Pattern.compile("\\]\\((?!https?:)([^)#]+)").matcher(Files.readString(page));
			while (link.find()) {
				if (!Files.exists(page.resolveSibling(link.group(1)))) {
					broken.add(page + ": " + link.group(1));
				}
			}
		}
		assertThat(broken).isEmpty();
	}

	@Test
	void noPageShowsAKeyThatSomebodyCouldUse() throws IOException {
		for (Path page : pages()) {
			assertThat(Files.readString(page)).as(page.toString())
				.doesNotContainPattern(
						"(?<![A-Za-z0-9+/_-])(?=[A-Za-z+/_-]*\\d)[A-Za-z0-9+/_-]{43,}={0,2}(?![A-Za-z0-9+/_-])");
		}
	}

	static boolean matches(String property, String name) {
		return name.equals(property)
				|| name.replaceFirst("^jobs\\.(signing|encryption)\\.keys\\.[^.]+$", "jobs.$1.keys").equals(property)
				|| name.replaceFirst("^jobs\\.queues\\.[^.]+\\.(backend|delay-backend|dead-letter)$", "jobs.queues")
					.equals(property)
				|| name.replaceFirst("^jobs\\.local\\.queues\\.[^.]+\\.concurrency$", "jobs.local.queues")
					.equals(property)
				|| name
					.replaceFirst(
							"^jobs\\.pubsub\\.queues\\.[^.]+\\."
									+ "(topic|subscription|ordered|max-delivery-attempts|concurrency)$",
							"jobs.pubsub.queues")
					.equals(property)
				|| name
					.replaceFirst(
							"^jobs\\.kubernetes(?:\\.queues\\.[^.]+)?\\.([a-z-]+)"
									+ "(?:\\[.*|(?<=env|labels|annotations|node-selector)\\..*)?$",
							"jobs.kubernetes.$1")
					.equals(property)
				|| name.replaceFirst("^jobs\\.lambda\\.queues\\.[^.]+\\.(function|qualifier)$", "jobs.lambda.queues")
					.equals(property)
				|| name
					.replaceFirst("^jobs\\.eventbridge-scheduler\\.queues\\.[^.]+\\.target-arn$",
							"jobs.eventbridge-scheduler.queues")
					.equals(property)
				|| name.replaceFirst("^jobs\\.sqs\\.queues\\.[^.]+\\.(url|name|concurrency)$", "jobs.sqs.queues")
					.equals(property)
				|| name
					.replaceFirst("^jobs\\.cloud-run\\.queues\\.[^.]+\\.(job|container|timeout|tasks)$",
							"jobs.cloud-run.queues")
					.equals(property)
				|| name.replaceFirst("^jobs\\.cloud-tasks\\.queues\\.[^.]+\\.name$", "jobs.cloud-tasks.queues")
					.equals(property);
	}

	static Set<String> properties() throws IOException {
		JsonNode metadata = JsonMapper.builder()
			.build()
			.readTree(Files.readString(Path.of("target/classes/META-INF/spring-configuration-metadata.json")));
		Set<String> names = new TreeSet<>();
		metadata.get("properties").forEach((property) -> names.add(property.get("name").asString()));
		return names;
	}

	private static String compiled() throws IOException {
		StringBuilder text = new StringBuilder();
		try (Stream<Path> files = Files.list(Path.of("src/test/java/dev/backgroundjobs/docs"))) {
			for (Path file : files.toList()) {
				Files.readAllLines(file).forEach((line) -> text.append(line.strip()).append('\n'));
			}
		}
		return text.toString();
	}

	private static List<Path> pages() throws IOException {
		try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
			return Stream.concat(files, Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")))
				.filter((path) -> path.toString().endsWith(".md"))
				.sorted()
				.toList();
		}
	}

	private static List<String> blocks(Path page, String language) throws IOException {
		List<String> blocks = new ArrayList<>();
		Matcher block = Pattern.compile("^```" + language + "\\R(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE)
			.matcher(Files.readString(page));
		while (block.find()) {
			blocks.add(block.group(1).strip());
		}
		return blocks;
	}

}
