package dev.backgroundjobs.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.WebDriverWait;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the page's imports in a real browser.
 */
class ImportPageIT {

	private static final String MALFORMED = IntStream.range(0, 1_200)
		.mapToObj((i) -> "x" + i + ",n,s\n")
		.collect(Collectors.joining());

	@TempDir
	static Path directory;

	private static ConfigurableApplicationContext application;

	private static ChromeDriver browser;

	private static int port;

	@BeforeAll
	static void start() {
		browser = Chromium.start();
		application = SpringApplication.run(PaperworkApplication.class, "--server.port=0",
				"--paperwork.storage=" + directory.resolve("data"));
		port = ((WebServerApplicationContext) application).getWebServer().getPort();
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.quit();
		}
		if (application != null) {
			application.close();
		}
	}

	@BeforeEach
	void openThePage() {
		Chromium.emulate(browser, "light", 1000, 900);
		browser.get("http://localhost:" + port + "/");
	}

	@Test
	void importsAChosenFile() throws Exception {
		choose("rows.csv", "1,One,open\n2,Two,open\nx,malformed,open\n");
		WebElement row = awaitRow("rows.csv", "done");
		assertThat(row.findElement(By.cssSelector(".detail")).getText()).isEqualTo("3 rows");
		assertThat(row.findElement(By.cssSelector(".failed-rows")).getText()).isEqualTo("1 malformed row skipped");
		assertThat(row.findElement(By.cssSelector(".resume")).isDisplayed()).isFalse();
		Chromium.assertNothingWentWrong(browser);
	}

	@Test
	void showsWhyAFileIsRefused() throws Exception {
		Path file = Files.writeString(directory.resolve("semicolons.csv"), "id;name;state\n1;One;open\n");
		browser.findElement(By.id("import-file")).sendKeys(file.toString());
		new WebDriverWait(browser, Duration.ofSeconds(20)).until((driver) -> driver.findElement(By.id("problems"))
			.getText()
			.contains("'semicolons.csv' does not begin with the header id,name,state"));
		assertThat(browser.findElements(By.cssSelector("#imports .name"))).extracting(WebElement::getText)
			.doesNotContain("semicolons.csv");
	}

	@Test
	void resumesByKeyboardWhatFailed() throws Exception {
		choose("failing.csv", "1,One,open\n" + MALFORMED + "2,Two,open\n");
		WebElement row = awaitRow("failing.csv", "failed");
		assertThat(row.findElement(By.cssSelector(".error")).getText()).startsWith("More than 1,000 rows");
		WebElement resume = row.findElement(By.cssSelector(".resume"));
		assertThat(resume.getAccessibleName()).isEqualTo("Resume the import of failing.csv");
		resume.sendKeys(Keys.ENTER);
		row = awaitRow("failing.csv", "done");
		assertThat(row.findElement(By.cssSelector(".detail")).getText()).isEqualTo("1,202 rows in 2 slices");
		assertThat(row.findElement(By.cssSelector(".failed-rows")).getText()).isEqualTo("1,200 malformed rows skipped");
		assertThat(browser.switchTo().activeElement().getDomAttribute("id")).isEqualTo("choose-import");
		assertThat(browser.findElement(By.id("imports-said")).getText()).isEqualTo("failing.csv: done");
	}

	@Test
	void showsHowFarARunningImportIs() throws Exception {
		choose("first.csv", "1,One,open\n");
		awaitRow("first.csv", "done");
		show("running", "Running.csv", 1_234_567);
		WebElement row = awaitRow("Running.csv", "running");
		assertThat(row.findElement(By.cssSelector(".detail")).getText())
			.isEqualTo("1,234,567 of 5,000,000 rows, 21,500 rows/s, 3 min left");
		WebElement progress = row.findElement(By.cssSelector("progress"));
		assertThat(progress.getAriaRole()).isEqualTo("progressbar");
		assertThat(progress.getAccessibleName()).isEqualTo("Progress of Running.csv");
		assertThat(progress.getDomProperty("position")).startsWith("0.24");
	}

	@Test
	void showsWhatOthersImportAndFindsItAgainAfterAReload() throws Exception {
		new PaperworkClient(port).importRows("elsewhere.csv", "id,name,state\n1,One,open\n");
		awaitRow("elsewhere.csv", "done");
		browser.navigate().refresh();
		awaitRow("elsewhere.csv", "done");
	}

	@ParameterizedTest
	@CsvSource({ "light, 1000", "dark, 1000", "light, 360", "dark, 360" })
	void fitsItsWindow(String scheme, int width) throws Exception {
		choose("some.csv", "1,One,open\nx,malformed,open\n");
		awaitRow("some.csv", "done");
		choose("A file whose name is as long as names of exports tend to be, all of it, final (2).csv",
				"1,One,open\n" + MALFORMED);
		awaitRow("A file whose name is as long as names of exports tend to be, all of it, final (2).csv", "failed");
		Chromium.emulate(browser, scheme, width, 1300);
		show("queued", "Waiting.csv", 0);
		show("interrupted", "Interrupted.csv", 4_200_000);
		show("running", "Running.csv", 1_234_567);
		browser.findElement(By.cssSelector("#import-shown-interrupted .resume")).sendKeys(Keys.SHIFT);
		Chromium.photograph(browser, "imports-" + scheme + "-" + width);
	}

	// States that last too short to be photographed.
	private static void show(String state, String name, long processed) {
		browser.executeScript("showImport({id: 'shown-' + arguments[0], name: arguments[1], state: arguments[0], "
				+ "processed: arguments[2], total: 5000000, rate: 21500.4, remainingSeconds: 175, slices: 3, "
				+ "interruptions: 2, failedRows: 12}, false)", state, name, processed);
	}

	private static void choose(String name, String rows) throws IOException {
		Path file = Files.writeString(directory.resolve(name), "id,name,state\n" + rows);
		browser.findElement(By.id("import-file")).sendKeys(file.toString());
	}

	private static WebElement awaitRow(String name, String state) {
		return new WebDriverWait(browser, Duration.ofSeconds(60))
			.until((driver) -> driver.findElements(By.cssSelector("#imports .document[data-state=" + state + "]"))
				.stream()
				.filter((row) -> row.findElement(By.cssSelector(".name")).getText().equals(name))
				.findFirst()
				.orElse(null));
	}

}
