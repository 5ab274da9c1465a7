package dev.backgroundjobs.adapter.lambda;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class LambdaMainClassTests {

	private static final String LIBRARY = "Main-Class: org.h2.tools.Console\n";

	@TempDir
	private Path directory;

	@Test
	void takesTheClassOfTheVariable() throws IOException {
		assertThat(LambdaMainClass.find(" java.lang.String ", loader("Start-Class: java.lang.Integer\n")))
			.isEqualTo(String.class);
	}

	@Test
	void takesTheStartClassOfSpringBootsJar() throws IOException {
		assertThat(LambdaMainClass.find(null, loader(LIBRARY,
				"Main-Class: org.springframework.boot.loader.launch.JarLauncher\nStart-Class: java.lang.Integer\nSpring-Boot-Version: 4.1.1\n")))
			.isEqualTo(Integer.class);
	}

	@Test
	void takesTheMainClassOfTheExtractedJarAndOfNoLibrary() throws IOException {
		assertThat(LambdaMainClass.find("",
				loader(LIBRARY, "Main-Class: java.lang.Integer\nSpring-Boot-Version: 4.1.1\n", LIBRARY)))
			.isEqualTo(Integer.class);
	}

	@Test
	void saysWhatToSetWhenNobodyNamesAClass() throws IOException {
		ClassLoader loader = loader(LIBRARY);
		assertThatIllegalStateException().isThrownBy(() -> LambdaMainClass.find(null, loader))
			.withMessageContaining("set the variable MAIN_CLASS");
	}

	@Test
	void saysWhichClassIsNotThere() throws IOException {
		ClassLoader loader = loader();
		assertThatIllegalStateException().isThrownBy(() -> LambdaMainClass.find("paperwork.Application", loader))
			.withMessageContaining("Class 'paperwork.Application'")
			.withMessageContaining("MAIN_CLASS");
	}

	// Without the class path of these tests, which has manifests of its own.
	private ClassLoader loader(String... manifests) throws IOException {
		List<URL> urls = new ArrayList<>();
		for (String manifest : manifests) {
			Path root = Files.createDirectories(this.directory.resolve("root" + urls.size()).resolve("META-INF"));
			Files.writeString(root.resolve("MANIFEST.MF"), "Manifest-Version: 1.0\n" + manifest);
			urls.add(root.getParent().toUri().toURL());
		}
		return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
	}

}
