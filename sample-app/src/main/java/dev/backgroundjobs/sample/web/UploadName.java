package dev.backgroundjobs.sample.web;

import org.springframework.http.HttpStatus;
import org.springframework.web.multipart.MultipartFile;

/**
 * What an uploaded file is called.
 */
final class UploadName {

	private static final int MAX_LENGTH = 200;

	private UploadName() {
	}

	// Some clients send a whole path. Control characters have no place in a list or a
	// header.
	static String of(MultipartFile file) {
		String name = String.valueOf(file.getOriginalFilename());
		name = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
			.replaceAll("[\\p{Cntrl}\\p{Cf}]", "")
			.strip();
		if (name.length() > MAX_LENGTH) {
			throw new InvalidUploadException(HttpStatus.BAD_REQUEST,
					"The file's name is longer than " + MAX_LENGTH + " characters.");
		}
		return name;
	}

}
