package dev.backgroundjobs.adapter.kubernetes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

/**
 * The lines of several logs, one after the other. The next is opened when the one before
 * has ended, and no more of it is read than somebody asks for.
 *
 * @param <T> what has a log
 */
final class LogLines<T> implements Iterator<String>, AutoCloseable {

	private final Iterator<T> sources;

	private final Function<T, @Nullable OpenLog> open;

	private @Nullable OpenLog log;

	private @Nullable BufferedReader reader;

	private @Nullable String next;

	private boolean closed;

	/**
	 * Create lines.
	 * @param sources what has a log
	 * @param open opens the log of one, or returns {@code null} when it has none
	 */
	LogLines(Iterator<T> sources, Function<T, @Nullable OpenLog> open) {
		this.sources = sources;
		this.open = open;
	}

	Stream<String> stream() {
		return StreamSupport
			.stream(Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL), false)
			.onClose(this::close);
	}

	@Override
	public boolean hasNext() {
		try {
			while (this.next == null && !this.closed && (this.reader != null || openNext())) {
				BufferedReader reader = this.reader;
				this.next = (reader != null) ? reader.readLine() : null;
				if (this.next == null) {
					closeCurrent();
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The log cannot be read on", ex);
		}
		return this.next != null;
	}

	private boolean openNext() {
		while (this.sources.hasNext()) {
			OpenLog log = this.open.apply(this.sources.next());
			if (log != null) {
				this.log = log;
				this.reader = new BufferedReader(new InputStreamReader(log.input(), StandardCharsets.UTF_8));
				return true;
			}
		}
		return false;
	}

	@Override
	public String next() {
		if (!hasNext()) {
			throw new NoSuchElementException();
		}
		String line = this.next;
		this.next = null;
		return (line != null) ? line : "";
	}

	private void closeCurrent() {
		OpenLog log = this.log;
		this.log = null;
		this.reader = null;
		if (log != null) {
			log.close().run();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		closeCurrent();
	}

}
