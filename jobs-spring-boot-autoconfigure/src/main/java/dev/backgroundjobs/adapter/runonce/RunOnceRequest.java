package dev.backgroundjobs.adapter.runonce;

import org.jspecify.annotations.Nullable;

/**
 * What this process was started for. None says what it holds: arguments are nobody
 * else's.
 */
sealed interface RunOnceRequest {

	/**
	 * Run a message that the environment has.
	 *
	 * @param text the message as it was sent
	 */
	record Text(String text) implements RunOnceRequest {

		@Override
		public String toString() {
			return "Text[" + this.text.length() + " characters]";
		}

	}

	/**
	 * Run a message that a file has.
	 *
	 * @param path the file
	 */
	record InFile(String path) implements RunOnceRequest {
	}

	/**
	 * Run a call that a person typed.
	 *
	 * @param job the name of the job
	 * @param args its arguments as a JSON array, or {@code null} for none
	 */
	record Typed(String job, @Nullable String args) implements RunOnceRequest {

		@Override
		public String toString() {
			return "Typed[" + this.job + "]";
		}

	}

	/**
	 * Show what would be sent for a call that a person typed.
	 *
	 * @param job the name of the job
	 * @param args its arguments as a JSON array, or {@code null} for none
	 */
	record Manifest(String job, @Nullable String args) implements RunOnceRequest {

		@Override
		public String toString() {
			return "Manifest[" + this.job + "]";
		}

	}

}
