package dev.backgroundjobs.sample.web;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.multipart.MaxUploadSizeExceededException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link UploadLimit}.
 */
class UploadLimitTests {

	@ParameterizedTest
	@CsvSource({ "/documents, 21, 20", "/imports, 513, 512" })
	void refusesARequestThatIsTooLargeByItsLength(String path, int largest, int limit) {
		long bytes = largest * 1024L * 1024;
		assertThatNoException().isThrownBy(() -> check(path, bytes));
		assertThatExceptionOfType(MaxUploadSizeExceededException.class).isThrownBy(() -> check(path, bytes + 1))
			.satisfies((refused) -> assertThat(refused.getMaxUploadSize()).isEqualTo(limit * 1024L * 1024));
	}

	@Test
	void largestIsWhatTheServerTakes() throws Exception {
		assertThat(new YamlPropertySourceLoader().load("application", new ClassPathResource("application.yaml"))
			.get(0)
			.getProperty("spring.servlet.multipart.max-file-size")).isEqualTo(UploadLimit.IMPORT.megabytes() + "MB");
	}

	private static void check(String path, long length) {
		MockHttpServletRequest request = new MockHttpServletRequest("POST", path) {

			@Override
			public long getContentLengthLong() {
				return length;
			}

		};
		UploadLimit.of(request).check(request);
	}

}
