package dev.backgroundjobs.definition;

import java.util.List;

/**
 * Declarations of jobs that cannot work, all of them at once.
 */
public class InvalidJobDefinitionsException extends RuntimeException {

	private final transient List<String> problems;

	/**
	 * Create an exception.
	 * @param problems what is wrong, one sentence each
	 */
	public InvalidJobDefinitionsException(List<String> problems) {
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
