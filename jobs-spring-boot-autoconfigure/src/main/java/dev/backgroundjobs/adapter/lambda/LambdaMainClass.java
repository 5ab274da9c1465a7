package dev.backgroundjobs.adapter.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Finds the class whose {@code main} starts the application, since Lambda's runtime
 * client was started in its place.
 */
final class LambdaMainClass {

	static final String VARIABLE = "MAIN_CLASS";

	private LambdaMainClass() {
	}

	/**
	 * Return the class.
	 * @param variable the value of {@code MAIN_CLASS}, or {@code null}
	 * @param loader has the application's classes, and its manifest
	 * @throws IllegalStateException when nobody says which, or it is not there
	 */
	static Class<?> find(@Nullable String variable, ClassLoader loader) {
		String name = StringUtils.hasText(variable) ? variable.strip() : ofManifests(loader);
		if (name == null) {
			throw new IllegalStateException("No manifest on the class path says which class starts the application "
					+ "(Start-Class of Spring Boot's jar, Main-Class of the extracted one): set the variable "
					+ VARIABLE + " to its name");
		}
		try {
			return ClassUtils.forName(name, loader);
		}
		catch (ClassNotFoundException | LinkageError ex) {
			throw new IllegalStateException(
					"Class '" + name + "', which is to start the application, cannot be loaded: " + "set the variable "
							+ VARIABLE + " to one on the class path",
					ex);
		}
	}

	private static @Nullable String ofManifests(ClassLoader loader) {
		String main = null;
		try {
			List<URL> manifests = Collections.list(loader.getResources("META-INF/MANIFEST.MF"));
			for (URL url : manifests) {
				Attributes attributes = attributes(url);
				String start = attributes.getValue("Start-Class");
				if (start != null) {
					return start;
				}
				// Many a library has a main class; Spring Boot marks its applications.
				if (main == null && attributes.getValue("Spring-Boot-Version") != null) {
					main = attributes.getValue(Attributes.Name.MAIN_CLASS);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return main;
	}

	private static Attributes attributes(URL url) throws IOException {
		try (InputStream manifest = url.openStream()) {
			return new Manifest(manifest).getMainAttributes();
		}
	}

}
