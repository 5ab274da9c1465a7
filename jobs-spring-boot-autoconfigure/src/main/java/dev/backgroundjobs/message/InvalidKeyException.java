package dev.backgroundjobs.message;

/**
 * A key in the configuration cannot be used. The text names the property, never the
 * value.
 */
public class InvalidKeyException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param property the property that holds the key
	 * @param problem what is wrong with it, and the way out
	 */
	public InvalidKeyException(String property, String problem) {
		super("Property '" + property + "' " + problem);
	}

}
