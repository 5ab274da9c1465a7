package dev.backgroundjobs.adapter.kubernetes;

import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JacksonAnnotation;
import dev.backgroundjobs.adapter.runonce.RunOnce;
import dev.backgroundjobs.autoconfigure.BackendJobs.BackendJob;
import io.fabric8.kubernetes.api.model.EnvVar;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Checks a container that is not ours against the method it takes the place of.
 */
final class ForeignCheck {

	private static final Logger logger = LoggerFactory.getLogger(ForeignCheck.class);

	// Kubernetes puts these into a program before it runs.
	private static final Pattern REFERENCE = Pattern.compile("(?<!\\$)(?:\\$\\$)*\\$\\(([-._a-zA-Z0-9]+)\\)");

	private static final Set<Class<?>> SAFE = Set.of(Byte.class, Short.class, Integer.class, Long.class, Float.class,
			Double.class, Boolean.class, BigInteger.class, BigDecimal.class);

	private final BackendJob job;

	private final String where;

	private final Map<String, Class<?>> parameters = new LinkedHashMap<>();

	private final List<String> problems = new ArrayList<>();

	private ForeignCheck(BackendJob job) {
		this.job = job;
		this.where = "@KubernetesJob of job '" + job.name() + "' has an image and a command, which run in place of the "
				+ "method: ";
		List<String> names = JobArguments.parameters(job.method());
		for (int i = 0; i < names.size(); i++) {
			this.parameters.put(names.get(i), job.method().getParameterTypes()[i]);
		}
	}

	/**
	 * Return what is wrong with an image that has no command beside it, which is taken
	 * for one of this application.
	 * @param job the job
	 * @param annotation its annotation
	 */
	static List<String> problemsOfImage(BackendJob job, PodLayer annotation) {
		ForeignCheck check = new ForeignCheck(job);
		String image = "@KubernetesJob of job '" + job.name() + "' has image '" + annotation.settings().image()
				+ "' and no command, so that it is taken for an image of this application";
		for (String argument : annotation.settings().args()) {
			Matcher placeholder = JobArguments.PLACEHOLDER.matcher(argument);
			while (placeholder.find()) {
				if (check.parameters.containsKey(placeholder.group(1).split("\\.", -1)[0])) {
					return List.of(image + ", whose arguments have no " + placeholder.group()
							+ ". Give the command as well, the image's entry point for example");
				}
			}
		}
		logger.warn("{}. For any other container give the command as well", image);
		return List.of();
	}

	/**
	 * Return what keeps a container from taking the place of a method.
	 * @param job the job
	 * @param annotation its annotation
	 * @param draft the Job as it is set
	 */
	static List<String> problems(BackendJob job, PodLayer annotation, JobDraft draft) {
		ForeignCheck check = new ForeignCheck(job);
		check.checkMethod(annotation);
		List<String> words = ForeignContainer.words(draft.container());
		Set<Integer> code = CodeArguments.of(words);
		for (int i = 0; i < words.size(); i++) {
			check.checkPlaceholders(words.get(i), code.contains(i));
			if (code.contains(i)) {
				check.checkReferences(words.get(i));
			}
		}
		for (EnvVar variable : draft.container().getEnv()) {
			if (variable.getValue() != null) {
				check.checkPlaceholders(variable.getValue(), false);
			}
		}
		return check.problems;
	}

	private void checkMethod(PodLayer annotation) {
		if (this.job.isIteration()) {
			add("an Iteration is run by this application only. Remove one of the two, or have the method return nothing");
		}
		if (this.parameters.size() < this.job.method().getParameterCount()) {
			add("the names of the method's parameters are not known. Compile with -parameters");
		}
		Map<String, String> variables = new LinkedHashMap<>();
		for (String name : this.parameters.keySet()) {
			String other = variables.putIfAbsent(JobArguments.variable(name), name);
			if (other != null) {
				add("parameters '" + other + "' and '" + name + "' are both variable " + JobArguments.variable(name)
						+ ". Rename one");
			}
		}
		if (annotation.settings().backoffLimit() != null) {
			add("backoffLimit is " + annotation.settings().backoffLimit()
					+ ", and the number of pods is maxAttempts there. Remove it, and set maxAttempts of @BackgroundJob");
		}
	}

	private void checkPlaceholders(String text, boolean isCode) {
		Matcher placeholder = JobArguments.PLACEHOLDER.matcher(text);
		while (placeholder.find()) {
			String[] path = placeholder.group(1).split("\\.", -1);
			Class<?> type = this.parameters.get(path[0]);
			if (type == null) {
				warnOfTypo(placeholder.group(), path[0]);
				continue;
			}
			for (int i = 1; i < path.length && type != null; i++) {
				checkField(placeholder.group(), type, path[i]);
				type = field(type, path[i]);
			}
			if (isCode && (type == null || !SAFE.contains(ClassUtils.resolvePrimitiveIfNecessary(type)))) {
				addInjection(placeholder.group(), JobArguments.variable(path[0]));
			}
		}
	}

	private void checkReferences(String text) {
		Matcher reference = REFERENCE.matcher(text);
		while (reference.find()) {
			String name = reference.group(1);
			for (Map.Entry<String, Class<?>> parameter : this.parameters.entrySet()) {
				boolean isSafe = SAFE.contains(ClassUtils.resolvePrimitiveIfNecessary(parameter.getValue()));
				if (JobArguments.variable(parameter.getKey()).equals(name) && !isSafe) {
					addInjection("$(" + name + ")", name);
				}
			}
			if (name.equals(RunOnce.MESSAGE)) {
				addInjection("$(" + name + ")", name);
			}
		}
	}

	private void addInjection(String placeholder, String variable) {
		add(placeholder + " stands in a script, and is no number or boolean: whatever somebody enqueues would be run. "
				+ "Read it from the variable, in a shell as \"$" + variable + "\" with the quotation marks");
	}

	private void warnOfTypo(String placeholder, String name) {
		for (String parameter : this.parameters.keySet()) {
			if (isOneTypo(name, parameter)) {
				logger.warn("{}{} is no parameter of it and stays as it is: did you mean '{}'?", this.where,
						placeholder, parameter);
			}
		}
	}

	// One character more, less or other, or two in the other order.
	private static boolean isOneTypo(String a, String b) {
		int start = 0;
		while (start < Math.min(a.length(), b.length()) && a.charAt(start) == b.charAt(start)) {
			start++;
		}
		String restOfA = a.substring(start);
		String restOfB = b.substring(start);
		boolean isSwapped = restOfA.length() > 1 && restOfB.length() > 1 && restOfA.charAt(0) == restOfB.charAt(1)
				&& restOfA.charAt(1) == restOfB.charAt(0) && restOfA.substring(2).equals(restOfB.substring(2));
		return a.equalsIgnoreCase(b) || isSwapped || tail(restOfA).equals(tail(restOfB))
				|| tail(restOfA).equals(restOfB) || restOfA.equals(tail(restOfB));
	}

	private static String tail(String text) {
		return text.isEmpty() ? text : text.substring(1);
	}

	// JSON may write the names in another style. Of other classes it may have others.
	private void checkField(String placeholder, Class<?> type, String name) {
		if (!type.isRecord()) {
			return;
		}
		List<String> components = Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
		boolean renames = Arrays.stream(type.getDeclaredFields())
			.anyMatch((field) -> AnnotatedElementUtils.hasAnnotation(field, JacksonAnnotation.class));
		if (!renames && components.stream().noneMatch((component) -> plain(component).equals(plain(name)))) {
			add(placeholder + " would be nothing: " + type.getSimpleName() + " has no '" + name + "', but "
					+ String.join(", ", components));
		}
	}

	private static String plain(String name) {
		return name.replaceAll("[_-]", "").toLowerCase(Locale.ROOT);
	}

	private static @Nullable Class<?> field(Class<?> type, String name) {
		Field field = ReflectionUtils.findField(type, name);
		return (field != null) ? field.getType() : null;
	}

	private void add(String problem) {
		this.problems.add(this.where + problem);
	}

}
