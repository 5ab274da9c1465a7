package dev.backgroundjobs.sample.web;

import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/**
 * Thrown for an upload that cannot be taken in. The reason is for the person who sent it.
 */
class InvalidUploadException extends ErrorResponseException {

	InvalidUploadException(HttpStatus status, String reason) {
		super(status);
		setDetail(reason);
	}

}
