package dev.backgroundjobs.autoconfigure;

import java.util.regex.Pattern;

/**
 * The endpoint's path, where there is an endpoint. One that cannot work is not mapped, so
 * that {@link JobsStartCheck} can say so rather than the web server.
 *
 * @param value the path
 */
record DeliveryPath(String value) {

	private static final Pattern VALID = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

	boolean isValid() {
		return VALID.matcher(this.value).matches();
	}

	String[] patterns() {
		return new String[] { this.value, this.value + "/" };
	}

}
