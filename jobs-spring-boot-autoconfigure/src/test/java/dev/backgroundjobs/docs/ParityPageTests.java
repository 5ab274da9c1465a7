package dev.backgroundjobs.docs;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.Test;

import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page for those who come from another system answers every point, with names that
 * exist.
 */
class ParityPageTests {

	private static final Path PAGE = Path.of("../docs/parity.md");

	private static final Path SOURCES = Path.of("src/main/java");

	/** The points of each system: the prefix of their ids and the highest number. */
	private static final Map<String, Integer> POINTS = points();

	/** Types of others that the page names. */
	private static final List<Class<?>> OTHERS = List.of(KubernetesClient.class, ProcessBuilder.class, Scheduled.class);

	private static final Pattern ROW = Pattern.compile("^\\| ([A-Z]+-\\d+) \\| (.+?) \\| (.+) \\|$", Pattern.MULTILINE);

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	private static final Pattern TYPE = Pattern
		.compile("@?([A-Z][A-Za-z]*[a-z][A-Za-z]*)(?:\\.(\\w+))?(?:\\((.*)\\))?");

	@Test
	void answersEveryPointOnceAndInOrder() throws IOException {
		List<String> expected = POINTS.entrySet()
			.stream()
			.flatMap((system) -> IntStream.rangeClosed(1, system.getValue())
				.mapToObj((number) -> system.getKey() + "-" + number))
			.toList();
		assertThat(rows().keySet()).containsExactlyElementsOf(expected);
	}

	@Test
	void namesOnlyPropertiesThatExist() throws IOException {
		Set<String> properties = DocumentationTests.properties();
		String observability = Files.readString(Path.of("../docs/observability.md"));
		List<String> names = code((code) -> code.startsWith("jobs."));
		assertThat(names).isNotEmpty().allSatisfy((code) -> {
			String name = code.replaceFirst("=.*", "").replaceFirst("\\.\\*$", "");
			boolean isGroup = code.endsWith(".*");
			boolean isMeter = observability.contains("| `" + name + "` |");
			assertThat(isMeter || properties.stream()
				.anyMatch((property) -> isGroup
						? property.startsWith(name.replaceFirst("\\.<queue>$", "") + ".")
								|| property.equals(name.replaceFirst("\\.<queue>$", ""))
						: DocumentationTests.matches(property, name)))
				.as(code)
				.isTrue();
		});
	}

	@Test
	void namesOnlyTypesAndMethodsThatExist() throws IOException {
		Map<String, Class<?>> types = types();
		List<String> names = code((code) -> TYPE.matcher(code).matches());
		assertThat(names).isNotEmpty().allSatisfy((code) -> {
			Matcher name = TYPE.matcher(code);
			assertThat(name.matches()).isTrue();
			assertThat(types).as(code).containsKey(name.group(1));
			Class<?> type = types.get(name.group(1));
			assertThat(type.isAnnotation()).as(code).isEqualTo(code.startsWith("@"));
			Set<String> methods = Arrays.stream(type.getMethods()).map(Method::getName).collect(Collectors.toSet());
			if (name.group(2) != null) {
				assertThat(methods).as(code).contains(name.group(2));
			}
			if (type.isAnnotation() && name.group(3) != null) {
				assertThat(methods).as(code).contains(name.group(3).split(", "));
			}
		});
	}

	private static Map<String, Integer> points() {
		Map<String, Integer> points = new LinkedHashMap<>();
		points.put("GCT", 18);
		points.put("KUBE", 15);
		points.put("LAMB", 5);
		points.put("GOAT", 4);
		points.put("LKQ", 14);
		points.put("SQS", 7);
		points.put("EB", 1);
		points.put("ITER", 16);
		points.put("DOCX", 6);
		points.put("CTK", 6);
		return points;
	}

	// The id of a row and its answer.
	private static Map<String, String> rows() throws IOException {
		Map<String, String> rows = new LinkedHashMap<>();
		Matcher row = ROW.matcher(Files.readString(PAGE));
		while (row.find()) {
			assertThat(rows.put(row.group(1), row.group(3))).as("%s, which is listed twice", row.group(1)).isNull();
		}
		return rows;
	}

	private static List<String> code(Predicate<String> wanted) throws IOException {
		Set<String> found = new TreeSet<>();
		for (String answer : rows().values()) {
			Matcher code = CODE.matcher(answer);
			while (code.find()) {
				found.add(code.group(1));
			}
		}
		return found.stream().filter(wanted).toList();
	}

	private static Map<String, Class<?>> types() throws IOException {
		Map<String, Class<?>> types = new HashMap<>();
		OTHERS.forEach((type) -> types.put(type.getSimpleName(), type));
		try (Stream<Path> files = Files.walk(SOURCES)) {
			List<String> names = new ArrayList<>();
			files.map((file) -> SOURCES.relativize(file).toString().replace('/', '.'))
				.filter((name) -> name.endsWith(".java") && !name.endsWith("-info.java"))
				.forEach((name) -> names.add(name.substring(0, name.length() - ".java".length())));
			for (String name : names) {
				Class<?> type = type(name);
				types.put(type.getSimpleName(), type);
			}
		}
		return types;
	}

	private static Class<?> type(String name) {
		try {
			return Class.forName(name, false, ParityPageTests.class.getClassLoader());
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
