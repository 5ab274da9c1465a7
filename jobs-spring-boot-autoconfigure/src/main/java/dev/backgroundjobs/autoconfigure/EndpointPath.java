package dev.backgroundjobs.autoconfigure;

/**
 * Where the endpoint is, in an application that has one.
 *
 * @param value the path
 */
record EndpointPath(String value) {

	String[] patterns() {
		return new String[] { this.value, this.value + "/" };
	}

}
