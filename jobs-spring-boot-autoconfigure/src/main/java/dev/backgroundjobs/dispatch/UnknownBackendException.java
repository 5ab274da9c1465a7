package dev.backgroundjobs.dispatch;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Properties name backends that there are not.
 */
public class UnknownBackendException extends RuntimeException {

	private final transient Map<String, String> unknown;

	private final transient List<String> available;

	/**
	 * Create an exception.
	 * @param unknown the backend's name by property
	 * @param available the names of the backends there are
	 */
	public UnknownBackendException(Map<String, String> unknown, Collection<String> available) {
		super("Unknown backends: " + new TreeMap<>(unknown) + ", available: " + available);
		this.unknown = new TreeMap<>(unknown);
		this.available = available.stream().sorted().toList();
	}

	/**
	 * Return what is named.
	 * @return the backend's name by property
	 */
	public Map<String, String> unknown() {
		return this.unknown;
	}

	/**
	 * Return what could be named.
	 * @return the names of the backends there are
	 */
	public List<String> available() {
		return this.available;
	}

}
