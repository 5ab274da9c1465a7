package dev.backgroundjobs.kubelet;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

/**
 * The perl of this machine, which stands for the image.
 */
final class Perl {

	private Perl() {
	}

	/**
	 * Skip the test loudly where there is none, or fail where
	 * {@code JOBS_REQUIRE_COUNTERPARTIES=true} says that there must be one.
	 */
	static void require() throws InterruptedException {
		if (isThere()) {
			return;
		}
		String missing = "There is no perl with bignum here: pi is not computed in a container";
		if (Boolean.parseBoolean(System.getenv("JOBS_REQUIRE_COUNTERPARTIES"))) {
			throw new AssertionError(missing + ", and JOBS_REQUIRE_COUNTERPARTIES is set");
		}
		System.err.println("SKIPPED: " + missing);
		Assumptions.abort(missing);
	}

	private static boolean isThere() throws InterruptedException {
		try {
			Process perl = new ProcessBuilder("perl", "-Mbignum=bpi", "-wle", "print bpi(3)").redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			return perl.waitFor(20, TimeUnit.SECONDS) && perl.exitValue() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
