package dev.backgroundjobs.autoconfigure;

import java.util.List;

/**
 * Properties that cannot work, all of them at once.
 */
public class InvalidJobsConfigurationException extends RuntimeException {

	private final transient List<String> problems;

	/**
	 * Create an exception.
	 * @param problems what is wrong and the way out, one sentence each
	 */
	public InvalidJobsConfigurationException(List<String> problems) {
		super(String.join(System.lineSeparator(), problems));
		this.problems = List.copyOf(problems);
	}

	/**
	 * Return what is wrong.
	 * @return one sentence each
	 */
	public List<String> problems() {
		return this.problems;
	}

}
