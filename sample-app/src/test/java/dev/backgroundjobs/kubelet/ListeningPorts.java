package dev.backgroundjobs.kubelet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Ports that a process listens on, as Linux tells in {@code /proc}.
 */
final class ListeningPorts {

	private static final String LISTEN = "0A";

	private static final int HEXADECIMAL = 16;

	private ListeningPorts() {
	}

	static Set<Integer> of(long pid) throws IOException {
		Path process = Path.of("/proc", String.valueOf(pid));
		Set<String> sockets;
		try (Stream<Path> files = Files.list(process.resolve("fd"))) {
			sockets = files.map(ListeningPorts::target)
				.filter((target) -> target.startsWith("socket:["))
				.map((target) -> target.substring("socket:[".length(), target.length() - 1))
				.collect(Collectors.toSet());
		}
		Set<Integer> ports = new TreeSet<>();
		for (String table : List.of("net/tcp", "net/tcp6")) {
			for (String line : Files.readAllLines(process.resolve(table))) {
				String[] fields = line.strip().split("\\s+");
				if (fields[3].equals(LISTEN) && sockets.contains(fields[9])) {
					ports.add(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), HEXADECIMAL));
				}
			}
		}
		return ports;
	}

	private static String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (NoSuchFileException ex) {
			return "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
