package dev.backgroundjobs.autoconfigure;

import java.util.List;

/**
 * Finds what is wrong with the configuration of an adapter, when the application starts
 * and not when it is built. All beans of this type are asked, and everything they find is
 * reported at once.
 */
@FunctionalInterface
public interface StartProblems {

	/**
	 * Look for problems.
	 * @return what is wrong, one sentence each that names the property and the way out
	 */
	List<String> find();

}
