package dev.backgroundjobs.sample.pi;

import java.net.URI;
import java.util.Optional;
import java.util.UUID;

import dev.backgroundjobs.JobException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Has pi computed, and gives it out.
 */
@RestController
@RequestMapping("/pi")
class PiController {

	private static final Log logger = LogFactory.getLog(PiController.class);

	private static final int MAX_DIGITS = 10_000;

	private final PiComputations computations;

	PiController(PiComputations computations) {
		this.computations = computations;
	}

	@PostMapping
	ResponseEntity<Pi> compute(@RequestParam(defaultValue = "2000") int digits) {
		if (digits < 1 || digits > MAX_DIGITS) {
			throw problem(HttpStatus.BAD_REQUEST,
					digits + " digits of pi are out of range: ask for 1 to " + MAX_DIGITS + ".");
		}
		Pi pi = this.computations.submit(digits);
		return ResponseEntity.accepted().location(URI.create("/pi/" + pi.id())).body(pi);
	}

	@GetMapping("/{id}")
	Pi get(@PathVariable String id) {
		return uuid(id).flatMap(this.computations::find)
			.orElseThrow(() -> problem(HttpStatus.NOT_FOUND, "There is no such computation."));
	}

	@ExceptionHandler
	ProblemDetail handle(JobException ex) {
		logger.warn("A computation could not be enqueued", ex);
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"Pi cannot be computed at the moment. Nothing was kept; try again later.");
	}

	private static Optional<UUID> uuid(String id) {
		try {
			UUID uuid = UUID.fromString(id);
			return uuid.toString().equals(id) ? Optional.of(uuid) : Optional.empty();
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

	private static ErrorResponseException problem(HttpStatus status, String detail) {
		return new ErrorResponseException(status, ProblemDetail.forStatusAndDetail(status, detail), null);
	}

}
