package dev.backgroundjobs.autoconfigure;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.autoconfigure.JavaProcess.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.autoconfigure.AutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is not used is not loaded: the JVM's own log of the classes it loads is the
 * witness.
 */
class LoadedClassesIT {

	private static final JavaClasses LIBRARY = new ClassFileImporter()
		.importUrl(JobDispatcher.class.getProtectionDomain().getCodeSource().getLocation());

	// By backend, of applications with all that is on the class path.
	private static final Map<String, Set<String>> STARTED = new HashMap<>();

	private static final Pattern LOADED = Pattern.compile("\\[class,load\\] (\\S+) source:");

	@ParameterizedTest
	@ValueSource(strings = { "inline", "local", "test" })
	void loadsNothingOfABackendThatIsNotChosen(String chosen) throws Exception {
		Map<String, String> adapters = adapters();
		assertThat(adapters).containsKey(chosen).hasSizeGreaterThan(2);
		Set<String> loaded = loadedWith(chosen);
		adapters.forEach((backend, configuration) -> {
			String itsPackage = configuration.substring(0, configuration.lastIndexOf('.') + 1);
			Predicate<String> others = (name) -> name.startsWith(itsPackage) && !name.equals(configuration);
			if (backend.equals(chosen)) {
				assertThat(loaded).anyMatch((name) -> name.startsWith(itsPackage));
			}
			else {
				assertThat(loaded).as(backend).noneMatch(others);
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "inline", "local", "test" })
	void loadsNothingOfGoogleForAnotherBackend(String chosen) throws Exception {
		// Spring Cloud GCP looks at classes of its own wherever it is on the class path.
		assertThat(loaded(application(chosen).without("spring-cloud-gcp")))
			.noneMatch((name) -> name.matches("(io\\.grpc|com\\.google\\.(api|cloud|protobuf))\\..*"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "inline", "local", "test" })
	void loadsNothingOfAmazonForAnotherBackend(String chosen) throws Exception {
		assertThat(loadedWith(chosen))
			.noneMatch((name) -> name.startsWith("software.amazon.") || name.startsWith("com.amazonaws."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "inline", "local", "test" })
	void loadsNothingOfKubernetesForAnotherBackend(String chosen) throws Exception {
		assertThat(loadedWith(chosen)).noneMatch((name) -> name.startsWith("io.fabric8."));
	}

	@Test
	void loadsNothingOfPubSubForAnotherBackend() throws Exception {
		Set<String> loaded = loadedWith("local");
		assertThat(loaded).noneMatch((name) -> name.startsWith("com.google.pubsub."))
			.noneMatch((name) -> name.startsWith("com.google.cloud.pubsub."))
			.noneMatch((name) -> name.startsWith("io.grpc.netty") || name.startsWith("io.grpc.internal."))
			.noneMatch((name) -> name.startsWith("com.google.cloud.spring.autoconfigure.pubsub."))
			.noneMatch((name) -> name.startsWith("dev.backgroundjobs.adapter.pubsub."));
	}

	@Test
	void loadsNeitherJoseWithoutAKeyNorTheEndpointWithoutServlets() throws Exception {
		Set<String> loaded = loadedWith("inline");
		assertThat(loaded).noneMatch((name) -> name.startsWith("com.nimbusds."))
			.noneMatch(libraryClassesThatUse("jakarta.servlet.")::contains)
			.noneMatch((name) -> name.contains("JobDeliveryController"));
	}

	@Test
	void loadsNothingThatNeedsALibraryThatIsNotThere() throws Exception {
		Set<String> loaded = loaded(application("inline").without(StartUpProcessTests.OPTIONAL));
		for (String library : List.of("org.springframework.boot.actuate.", "io.micrometer.core.",
				"io.micrometer.tracing.", "jakarta.servlet.")) {
			assertThat(loaded).as(library).noneMatch(libraryClassesThatUse(library)::contains);
		}
	}

	// Auto-configurations are looked at whatever is there.
	private static Set<String> libraryClassesThatUse(String prefix) {
		return LIBRARY.stream()
			.filter((type) -> !type.isAnnotatedWith(AutoConfiguration.class))
			.filter((type) -> type.getDirectDependenciesFromSelf()
				.stream()
				.anyMatch((dependency) -> dependency.getTargetClass().getName().startsWith(prefix)))
			.map(JavaClass::getName)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	// Every auto-configuration of a backend, also of one that is added later.
	private static Map<String, String> adapters() {
		Map<String, String> adapters = new TreeMap<>();
		for (String name : ImportCandidates.load(AutoConfiguration.class, LoadedClassesIT.class.getClassLoader())) {
			if (LIBRARY.contain(name) && LIBRARY.get(name).isAnnotatedWith(ConditionalOnJobBackend.class)) {
				adapters.put(LIBRARY.get(name).getAnnotationOfType(ConditionalOnJobBackend.class).value(), name);
			}
		}
		return adapters;
	}

	private static Set<String> loadedWith(String backend) throws IOException, InterruptedException {
		Set<String> loaded = STARTED.get(backend);
		if (loaded == null) {
			loaded = Set.copyOf(loaded(application(backend)));
			STARTED.put(backend, loaded);
		}
		return loaded;
	}

	private static JavaProcess application(String backend) {
		return new JavaProcess(StartUpProcessTests.Application.class.getName()).with("-Xlog:class+load",
				"-Djobs.backend=" + backend);
	}

	private static Set<String> loaded(JavaProcess application) throws IOException, InterruptedException {
		Result result = application.run();
		assertThat(result.exit()).as(result.output()).isZero();
		Set<String> loaded = new TreeSet<>();
		LOADED.matcher(result.output()).results().forEach((line) -> loaded.add(line.group(1)));
		assertThat(loaded).contains(DeclaredJobs.class.getName());
		return loaded;
	}

}
