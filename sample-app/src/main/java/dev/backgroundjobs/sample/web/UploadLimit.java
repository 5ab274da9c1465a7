package dev.backgroundjobs.sample.web;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.util.unit.DataSize;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartFile;

/**
 * How large an uploaded file may be.
 */
enum UploadLimit {

	/** Held in memory while it is converted. */
	DOCUMENT(20),

	/** Never in memory; {@code spring.servlet.multipart.max-file-size} says the same. */
	IMPORT(512);

	// Around the file there are a boundary and headers.
	private static final int REST_OF_THE_REQUEST = 1;

	private final int megabytes;

	UploadLimit(int megabytes) {
		this.megabytes = megabytes;
	}

	static UploadLimit of(HttpServletRequest request) {
		return request.getRequestURI().startsWith(request.getContextPath() + "/imports") ? IMPORT : DOCUMENT;
	}

	void check(HttpServletRequest request) {
		check(request.getContentLengthLong(), this.megabytes + REST_OF_THE_REQUEST);
	}

	void check(MultipartFile file) {
		check(file.getSize(), this.megabytes);
	}

	private void check(long bytes, int most) {
		if (bytes > DataSize.ofMegabytes(most).toBytes()) {
			throw new MaxUploadSizeExceededException(DataSize.ofMegabytes(this.megabytes).toBytes());
		}
	}

	int megabytes() {
		return this.megabytes;
	}

}
