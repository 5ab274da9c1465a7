package dev.backgroundjobs.autoconfigure;

import java.util.Map;

/**
 * What an adapter adds to the health contributor {@code jobs}. Declare it as a bean.
 * Asked in every request for health, by several threads: it tells what it knows, and asks
 * no platform.
 */
@FunctionalInterface
public interface HealthDetails {

	/**
	 * Return the details.
	 * @return the details by name; none when there is nothing to tell
	 */
	Map<String, Object> details();

}
