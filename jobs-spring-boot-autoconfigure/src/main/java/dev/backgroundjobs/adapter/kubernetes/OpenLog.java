package dev.backgroundjobs.adapter.kubernetes;

import java.io.IOException;
import java.io.InputStream;

/**
 * A log that is being read.
 *
 * @param input its bytes
 * @param close closes what it comes from
 */
record OpenLog(InputStream input, Runnable close) {

	static OpenLog of(InputStream input) {
		return new OpenLog(input, () -> {
			try {
				input.close();
			}
			catch (IOException ex) {
				// Nobody reads on.
			}
		});
	}

}
