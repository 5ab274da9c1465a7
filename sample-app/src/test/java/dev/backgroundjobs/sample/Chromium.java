package dev.backgroundjobs.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * A real browser: Chromium, as Debian's packages {@code chromium} and
 * {@code chromium-driver} install it. Without them tests are skipped, in continuous
 * integration they fail.
 */
final class Chromium {

	private static final Path BROWSER = Path.of("/usr/bin/chromium");

	private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

	private Chromium() {
	}

	static ChromeDriver start() {
		if (!Files.isExecutable(BROWSER) || !Files.isExecutable(DRIVER)) {
			String message = "THE PAGE IS NOT TESTED: " + BROWSER + " or " + DRIVER
					+ " is missing; install chromium and chromium-driver";
			if ("true".equals(System.getenv("CI"))) {
				throw new IllegalStateException(message);
			}
			System.err.println(message);
			abort(message);
		}
		ChromeOptions options = new ChromeOptions();
		options.setBinary(BROWSER.toFile());
		options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
				"--hide-scrollbars");
		return new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build(),
				options);
	}

	static void emulate(ChromeDriver browser, String scheme, int width, int height) {
		browser.manage().window().setSize(new Dimension(Math.max(width, 500), height));
		browser.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
		browser.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/**
	 * Take a picture for people to look at, and check that nothing is wider than the
	 * window.
	 */
	static void photograph(ChromeDriver browser, String name) throws IOException {
		Path screenshots = Files.createDirectories(Path.of("target/screenshots"));
		Files.write(screenshots.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
		Object overflow = browser.executeScript("return document.documentElement.scrollWidth > window.innerWidth");
		assertThat(overflow).isEqualTo(false);
	}

	static void assertNothingWentWrong(ChromeDriver browser) {
		List<LogEntry> log = browser.manage().logs().get(LogType.BROWSER).getAll();
		assertThat(log).noneMatch((entry) -> entry.getMessage().contains("Content Security Policy")
				|| entry.getMessage().contains("Uncaught"));
	}

}
