package dev.backgroundjobs.adapter.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.backgroundjobs.JobException;
import dev.backgroundjobs.autoconfigure.BackendJobs.BackendJob;
import dev.backgroundjobs.message.JobMessage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;

/**
 * Gives the arguments of a message to a container that is not ours.
 */
final class ForeignContainer {

	// Linux takes no longer argument or variable of a program, its end included.
	private static final int MAX_BYTES = 128 * 1024 - 1;

	private ForeignContainer() {
	}

	/**
	 * Put arguments into the container.
	 * @param job the job
	 * @param message has the arguments
	 * @param draft the Job with what is set by its user
	 * @throws JobException when an argument is too long, or would be run as a program
	 */
	static void write(BackendJob job, JobMessage message, JobDraft draft) {
		if (draft.pod().getServiceAccountName() == null && draft.pod().getAutomountServiceAccountToken() == null) {
			// Strangers have nothing to ask the API server for.
			draft.pod().setAutomountServiceAccountToken(false);
		}
		JobArguments arguments = JobArguments.of(message, job.method());
		Container container = draft.container();
		List<String> words = words(container);
		Set<Integer> code = CodeArguments.of(words);
		for (int i = 0; i < words.size(); i++) {
			words.set(i, checked(job, "command", arguments.replace(words.get(i), code.contains(i))));
		}
		int commands = container.getCommand().size();
		container.setCommand(new ArrayList<>(words.subList(0, commands)));
		container.setArgs(new ArrayList<>(words.subList(commands, words.size())));
		List<EnvVar> env = new ArrayList<>();
		// Before the user's, which may refer to them.
		arguments.variables()
			.forEach((name, value) -> env
				.add(ContainerWriter.env(name, checked(job, "variable " + name, DollarSigns.doubled(value)))));
		for (EnvVar variable : container.getEnv()) {
			if (variable.getValue() != null) {
				variable = ContainerWriter.env(variable.getName(),
						checked(job, "variable " + variable.getName(), arguments.replace(variable.getValue(), false)));
			}
			env.add(variable);
		}
		container.setEnv(JobDraft.merged(List.of(), env, EnvVar::getName));
	}

	/**
	 * The command and its arguments after it.
	 */
	static List<String> words(Container container) {
		List<String> words = new ArrayList<>(container.getCommand());
		words.addAll(container.getArgs());
		return words;
	}

	private static String checked(BackendJob job, String place, String text) {
		if (text.indexOf('\0') >= 0) {
			throw new JobException("Job '" + job.name() + "' would have a " + place
					+ " with a NUL, which no process takes: give an argument without, as in base64");
		}
		int bytes = MessageCarrier.bytes(DollarSigns.halved(text));
		if (bytes > MAX_BYTES - place.length()) {
			throw new JobException("Job '" + job.name() + "' would have a " + place + " of " + bytes
					+ " bytes, and a container takes 128 KiB: store what is large, and give its place as the argument");
		}
		return text;
	}

}
