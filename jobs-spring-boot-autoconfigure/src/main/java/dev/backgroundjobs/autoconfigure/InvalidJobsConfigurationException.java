package dev.backgroundjobs.autoconfigure;

import java.util.List;

/**
 * Properties that cannot work, all of them at once.
 */
class InvalidJobsConfigurationException extends RuntimeException {

	private final transient List<String> problems;

	InvalidJobsConfigurationException(List<String> problems) {
		super(String.join(System.lineSeparator(), problems));
		this.problems = List.copyOf(problems);
	}

	List<String> problems() {
		return this.problems;
	}

}
