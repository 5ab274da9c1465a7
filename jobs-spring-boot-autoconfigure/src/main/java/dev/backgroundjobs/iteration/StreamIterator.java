package dev.backgroundjobs.iteration;

import java.util.Iterator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Items of a stream, which is closed with them: closing a stream is what gives back the
 * connection or file behind it, and its own iterator cannot do that.
 */
final class StreamIterator<T> implements Iterator<T>, AutoCloseable {

	private final Stream<? extends T> stream;

	private final Iterator<? extends T> items;

	/**
	 * Take a stream over.
	 * @param stream the stream
	 * @param after the cursor it was opened after, for the message when it is null
	 */
	StreamIterator(Stream<? extends T> stream, @Nullable Object after) {
		if (stream == null) {
			throw new IllegalStateException(
					"There is no stream after cursor " + after + ": return an empty one at the end");
		}
		this.stream = stream;
		try {
			this.items = stream.iterator();
		}
		catch (RuntimeException ex) {
			try (stream) {
				throw ex;
			}
		}
	}

	@Override
	public boolean hasNext() {
		return this.items.hasNext();
	}

	@Override
	public T next() {
		return this.items.next();
	}

	@Override
	public void close() {
		this.stream.close();
	}

}
