package dev.backgroundjobs.history;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import dev.backgroundjobs.history.HistoryEvent.Type;

/**
 * One process's file of events. Every event is a single write to a file opened for
 * appending: what was written before a {@code kill -9} is in the system's cache and
 * stays. Safe for use by several threads of the process, interrupted ones too.
 */
public final class HistoryLog implements AutoCloseable {

	private static final String SUFFIX = ".history";

	// Not a FileChannel, which an interrupt of one of its threads closes for all.
	private final FileOutputStream file;

	private final String process;

	private HistoryLog(FileOutputStream file, String process) {
		this.file = file;
		this.process = process;
	}

	/**
	 * Open a process's file.
	 * @param directory where the files of all processes are
	 * @param process the process, by a name that no other has
	 * @return the log
	 */
	public static HistoryLog open(Path directory, String process) {
		try {
			Files.createDirectories(directory);
			return new HistoryLog(new FileOutputStream(directory.resolve(process + SUFFIX).toFile(), true), process);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Write what happened to a job, a message or a run.
	 * @param type what happened
	 * @param id the job's id
	 * @param seq the message, or -1
	 * @param attempt the attempt, or 0
	 * @param job the job's name, or empty
	 * @param detail the rest, as the type says
	 */
	public void write(Type type, String id, int seq, int attempt, String job, String detail) {
		write(this.process, type, id, seq, attempt, job, detail);
	}

	/**
	 * Write what another process did, or that it is gone. It goes into this process's
	 * file: the last line of the other may be torn.
	 * @param process the process that did it
	 * @param type what happened
	 * @param id the job's id, or empty
	 * @param seq the message, or -1
	 * @param detail the rest, as the type says
	 */
	public void writeOf(String process, Type type, String id, int seq, String detail) {
		write(process, type, id, seq, 0, "", detail);
	}

	// Within the lock, so that the file is in the order of its times.
	private synchronized void write(String subject, Type type, String id, int seq, int attempt, String job,
			String detail) {
		HistoryEvent event = new HistoryEvent(HistoryEvent.now(), subject, type, id, seq, attempt, job, detail);
		try {
			this.file.write(event.line().getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Read the events of all processes in the order of their times.
	 * @param directory where the files are
	 * @return the events
	 */
	public static List<HistoryEvent> read(Path directory) {
		List<HistoryEvent> events = new ArrayList<>();
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(SUFFIX)).sorted().toList()) {
				String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
				// What follows the last end of a line was torn off by the death of its
				// process.
				text.substring(0, text.lastIndexOf('\n') + 1).lines().map(HistoryEvent::parse).forEach(events::add);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		events.sort(Comparator.comparingLong(HistoryEvent::micros));
		return events;
	}

	@Override
	public void close() {
		try {
			this.file.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
