package dev.backgroundjobs.iteration;

import java.io.IOException;
import java.io.InputStream;

/**
 * Opens a file from a position, for example with a range read of an object store.
 */
@FunctionalInterface
public interface OpenAt {

	/**
	 * Open the file.
	 * @param offset the position of the first byte to read, from 0; less than the file's
	 * length, unless the file is empty or was replaced by a shorter one
	 * @return the bytes from that position to the end; closed by the source. Where the
	 * file is too short, none, or the exception of the store
	 * @throws IOException when the file cannot be opened; counts as a failed attempt
	 */
	InputStream open(long offset) throws IOException;

}
