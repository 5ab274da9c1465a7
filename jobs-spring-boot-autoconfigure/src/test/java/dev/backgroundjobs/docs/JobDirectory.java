package dev.backgroundjobs.docs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of messages, on one file system, so that a rename is atomic: a file is
 * always in one lane, and of several who move it one succeeds.
 */
final class JobDirectory {

	private final Path path;

	JobDirectory(Path path) {
		this.path = path;
	}

	void write(String lane, JobFile file, byte[] bytes) throws IOException {
		Path written = Files.createTempFile(lane("written"), file.key(), null);
		try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
			ByteBuffer buffer = ByteBuffer.wrap(bytes);
			while (buffer.hasRemaining()) {
				channel.write(buffer);
			}
			channel.force(true);
		}
		Files.move(written, lane(lane).resolve(file.name()), StandardCopyOption.ATOMIC_MOVE);
	}

	List<JobFile> list(String lane) throws IOException {
		try (Stream<Path> files = Files.list(lane(lane))) {
			return files.map((file) -> file.getFileName().toString()).sorted().map(JobFile::of).toList();
		}
	}

	byte[] read(String lane, JobFile file) throws IOException {
		return Files.readAllBytes(lane(lane).resolve(file.name()));
	}

	boolean move(String from, JobFile file, String to, JobFile target) throws IOException {
		try {
			Files.move(lane(from).resolve(file.name()), lane(to).resolve(target.name()),
					StandardCopyOption.ATOMIC_MOVE);
			return true;
		}
		catch (NoSuchFileException ex) {
			return false; // somebody else was faster
		}
	}

	void delete(String lane, JobFile file) throws IOException {
		Files.deleteIfExists(lane(lane).resolve(file.name()));
	}

	private Path lane(String name) throws IOException {
		return Files.createDirectories(this.path.resolve(name));
	}

}
