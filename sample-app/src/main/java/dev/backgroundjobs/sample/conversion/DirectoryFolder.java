package dev.backgroundjobs.sample.conversion;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/**
 * A directory whose files stand for objects.
 */
final class DirectoryFolder implements ObjectFolder {

	private final Path directory;

	DirectoryFolder(Path directory) {
		this.directory = directory.toAbsolutePath().normalize();
	}

	@Override
	public Resource find(ObjectName name) {
		return new FileSystemResource(path(name));
	}

	@Override
	public void put(ObjectName name, Path content) throws IOException {
		Path target = path(name);
		Files.createDirectories(target.getParent());
		Path temporary = target.resolveSibling("." + UUID.randomUUID() + ".tmp");
		try {
			try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
				Files.copy(content, out);
			}
			Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		finally {
			Files.deleteIfExists(temporary);
		}
	}

	private Path path(ObjectName name) {
		Path path = this.directory.resolve(name.value()).normalize();
		// Where drives have letters, 'C:/x' leads elsewhere.
		if (!path.startsWith(this.directory)) {
			throw new IllegalArgumentException("Object '" + name.value() + "' would be outside of " + this.directory);
		}
		return path;
	}

	@Override
	public String toString() {
		return this.directory.toUri().toString();
	}

}
