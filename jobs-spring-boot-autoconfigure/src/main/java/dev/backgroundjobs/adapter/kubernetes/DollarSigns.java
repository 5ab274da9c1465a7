package dev.backgroundjobs.adapter.kubernetes;

/**
 * Texts that reach a container as they are: in variables, command and arguments
 * Kubernetes turns {@code $(NAME)} into a variable's value, and {@code $$} into one
 * {@code $}.
 */
final class DollarSigns {

	private DollarSigns() {
	}

	/**
	 * A text as it must stand in a manifest to arrive unchanged.
	 */
	static String doubled(String text) {
		return text.replace("$", "$$");
	}

	/**
	 * The text that stands {@link #doubled} in a manifest.
	 */
	static String halved(String text) {
		return text.replace("$$", "$");
	}

}
