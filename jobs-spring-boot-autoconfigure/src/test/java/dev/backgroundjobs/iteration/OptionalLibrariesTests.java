package dev.backgroundjobs.iteration;

import java.io.File;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sources in an application that has neither database nor repository.
 */
class OptionalLibrariesTests {

	@Test
	void otherSourcesWorkWithoutSpringJdbcAndSpringData() throws Throwable {
		try (URLClassLoader loader = new URLClassLoader(withoutDatabases(), ClassLoader.getPlatformClassLoader())) {
			assertThatExceptionOfType(ClassNotFoundException.class)
				.isThrownBy(() -> loader.loadClass("org.springframework.jdbc.core.simple.JdbcClient"));
			assertThatExceptionOfType(ClassNotFoundException.class)
				.isThrownBy(() -> loader.loadClass("org.springframework.data.domain.Window"));
			Class<?> sources = loader.loadClass(Sources.class.getName());
			Class<?> splittable = loader.loadClass(SplittableSource.class.getName());
			Object list = MethodHandles.publicLookup()
				.findStatic(sources, "list", MethodType.methodType(splittable, List.class))
				.invoke(List.of(1));
			assertThat(list.getClass().getClassLoader()).isSameAs(loader);
			Class<?> resource = loader.loadClass(Resource.class.getName());
			MethodHandles.publicLookup()
				.findStatic(sources, "csv",
						MethodType.methodType(loader.loadClass(CsvSource.class.getName()), resource));
		}
	}

	private static URL[] withoutDatabases() throws MalformedURLException {
		List<URL> urls = new ArrayList<>();
		for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
			if (!path.contains("spring-jdbc") && !path.contains("spring-data")) {
				urls.add(new File(path).toURI().toURL());
			}
		}
		return urls.toArray(URL[]::new);
	}

}
