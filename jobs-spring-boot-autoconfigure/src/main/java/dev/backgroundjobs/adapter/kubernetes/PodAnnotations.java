package dev.backgroundjobs.adapter.kubernetes;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.autoconfigure.BackendJobs.BackendJob;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.StringValueResolver;

/**
 * Reads {@link KubernetesJob} into what properties are bound to, by the same rules. Safe
 * for use by several threads.
 */
final class PodAnnotations {

	private static final String ROOT = "job";

	private static final Set<String> MAPS = Set.of("env", "labels", "annotations", "node-selector");

	// They have braces and dollar signs of their own.
	private static final Set<String> VERBATIM = Set.of("command", "args");

	private final StringValueResolver placeholders;

	private final Map<Method, PodLayer> layers = new ConcurrentHashMap<>();

	/**
	 * Create a reader.
	 * @param placeholders resolves those of Spring
	 */
	PodAnnotations(StringValueResolver placeholders) {
		this.placeholders = placeholders;
	}

	/**
	 * Return the settings of a job's annotation, or {@code null} when it has none.
	 * @throws JobException when one of them cannot be read
	 */
	@Nullable PodLayer of(BackendJob job) {
		PodLayer layer = this.layers.get(job.method());
		if (layer == null) {
			MergedAnnotation<KubernetesJob> annotation = MergedAnnotations
				.from(job.method(), SearchStrategy.TYPE_HIERARCHY)
				.get(KubernetesJob.class);
			if (!annotation.isPresent()) {
				return null;
			}
			layer = PodLayer.ofAnnotation(job.name(), bind(job, annotation));
			this.layers.put(job.method(), layer);
		}
		return layer;
	}

	private KubernetesPodProperties bind(BackendJob job, MergedAnnotation<KubernetesJob> annotation) {
		String where = "@KubernetesJob of job '" + job.name() + "': ";
		Map<String, Object> values = new LinkedHashMap<>();
		try {
			annotation.asMap(MergedAnnotation.Adapt.ANNOTATION_TO_MAP)
				.forEach((name, value) -> add(values, ROOT, DataObjectPropertyName.toDashedForm(name), value));
			ConfigurationPropertySource source = new MapConfigurationPropertySource(values);
			return new Binder(source).bindOrCreate(ROOT, KubernetesPodProperties.class);
		}
		catch (BindException ex) {
			ConfigurationProperty property = ex.getProperty();
			Class<?> type = ex.getTarget().getType().resolve(Object.class);
			throw new JobException(where + "'" + ex.getName().toString().substring(ROOT.length() + 1) + "'"
					+ ((property != null) ? " is '" + property.getValue() + "', which" : "") + " cannot be read as "
					+ (type.isEnum() ? "one of " + String.join(", ", names(type)) : type.getSimpleName()), ex);
		}
		catch (IllegalArgumentException ex) {
			throw new JobException(where + ex.getMessage(), ex);
		}
	}

	private static Iterable<String> names(Class<?> type) {
		return Arrays.stream(type.getEnumConstants())
			.map((constant) -> DataObjectPropertyName.toDashedForm(constant.toString().toLowerCase(Locale.ROOT)))
			.toList();
	}

	private void add(Map<String, Object> values, String parent, String name, Object value) {
		String path = parent + "." + name;
		if (value instanceof String[] texts) {
			for (int i = 0; i < texts.length; i++) {
				String text = VERBATIM.contains(name) ? texts[i] : resolved(texts[i]);
				if (MAPS.contains(name)) {
					addEntry(values, path, name, text);
				}
				else {
					values.put(path + "[" + i + "]", text);
				}
			}
		}
		else if (value instanceof Map<?, ?>[] nested) {
			for (int i = 0; i < nested.length; i++) {
				String element = path + "[" + i + "]";
				nested[i].forEach((key, nestedValue) -> add(values, element,
						DataObjectPropertyName.toDashedForm(String.valueOf(key)), nestedValue));
			}
		}
		else {
			String text = resolved(String.valueOf(value)).strip();
			if (!text.isEmpty()) {
				values.put(path, text);
			}
		}
	}

	private static void addEntry(Map<String, Object> values, String path, String name, String text) {
		int end = text.indexOf('=');
		if (end < 1) {
			throw new IllegalArgumentException(name + " has '" + text + "': give name=value");
		}
		values.put(path + "[" + text.substring(0, end).strip() + "]", text.substring(end + 1));
	}

	private String resolved(String text) {
		String resolved = this.placeholders.resolveStringValue(text);
		return (resolved != null) ? resolved : "";
	}

}
