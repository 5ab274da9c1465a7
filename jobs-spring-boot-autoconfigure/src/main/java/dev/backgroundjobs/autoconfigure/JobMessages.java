package dev.backgroundjobs.autoconfigure;

import java.util.Collection;
import java.util.TreeSet;
import java.util.function.Supplier;

import dev.backgroundjobs.JobCall;
import dev.backgroundjobs.JobException;
import dev.backgroundjobs.UnknownJobException;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.dispatch.MessageFactory;
import dev.backgroundjobs.message.ArgumentCodec;
import dev.backgroundjobs.message.ArgumentException;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Makes messages that are not sent: to show them, or to run them in this process. Safe
 * for use by several threads.
 */
public final class JobMessages {

	private static final int MAX_LISTED = 20;

	private final MessageFactory factory;

	private final Supplier<JobDefinitions> jobs;

	private final ArgumentCodec arguments;

	JobMessages(MessageFactory factory, Supplier<JobDefinitions> jobs, ArgumentCodec arguments) {
		this.factory = factory;
		this.jobs = jobs;
		this.arguments = arguments;
	}

	/**
	 * Make the message that a call would be sent as.
	 * @param call the call
	 * @return the message
	 * @throws JobException when the call cannot become a message
	 */
	public JobMessage of(JobCall call) {
		return this.factory.create(call);
	}

	/**
	 * Make a message of what a person typed.
	 * @param name the job's name or an alias
	 * @param args the arguments as a JSON array with one value for each parameter, or
	 * {@code null} for none
	 * @return the message
	 * @throws JobException when no job has the name, or it does not take these arguments
	 */
	public JobMessage of(String name, @Nullable String args) {
		String json = (args != null) ? args.strip() : "[]";
		JobDefinition job = this.jobs.get().find(name);
		if (job == null) {
			throw unknown(name);
		}
		if (!json.startsWith("[")) {
			throw new JobException("The arguments of job '" + name + "' are no JSON array: give one value for each "
					+ "parameter in square brackets, such as [42, \"text\"] or [{\"digits\":2000}]");
		}
		try {
			return of(JobCall.of(name, this.arguments.binding(job.name(), job.beanType(), job.method()).read(json)));
		}
		catch (ArgumentException ex) {
			throw new JobException(
					ex.getMessage() + ((args == null) ? ": give them as --jobs.args='[…]', a JSON array" : ""),
					ex.getCause());
		}
		catch (JacksonException ex) {
			throw new JobException("The arguments of job '" + name + "' are no JSON: " + ex.getOriginalMessage(), ex);
		}
	}

	private UnknownJobException unknown(String name) {
		Collection<String> names = this.jobs.get().names();
		String nearest = MessageNames.nearest(name, names);
		return new UnknownJobException(
				"No job has the name '" + name + "'" + ((nearest != null) ? ": did you mean '" + nearest + "'?" : "")
						+ ((names.size() <= MAX_LISTED) ? " There are " + new TreeSet<>(names) : ""));
	}

}
