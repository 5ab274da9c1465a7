package dev.backgroundjobs.backend;

/**
 * Counts the requests that backends make to their platforms, and their bytes, since
 * platforms charge for them. A bean of this type is there where metrics are; a backend
 * takes it as {@code ObjectProvider<BackendRequests>}. Safe for use by several threads.
 */
@FunctionalInterface
public interface BackendRequests {

	/** Counts nothing. */
	BackendRequests NONE = (backend, operation, bytes) -> {
	};

	/**
	 * Count one request.
	 * @param backend the backend's name
	 * @param operation what is asked of the platform, such as {@code enqueue}; one of a
	 * few constants, since it becomes a tag
	 * @param bytes the bytes of the messages in the request, encoded
	 */
	void count(String backend, String operation, long bytes);

}
