package dev.backgroundjobs.sample;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.backgroundjobs.sample.conversion.DocxFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.WebDriverWait;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the page in a real browser.
 */
class PageIT {

	private static final Path WELCOME = Path.of("samples/welcome.docx").toAbsolutePath();

	@TempDir
	static Path directory;

	private static ConfigurableApplicationContext application;

	private static ChromeDriver browser;

	private static int port;

	@BeforeAll
	static void start() {
		browser = Chromium.start();
		application = startApplication(0);
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
	void convertsAChosenFileAndOffersItsPdf() throws Exception {
		choose(WELCOME);
		WebElement row = awaitRow("welcome.docx", "done");
		WebElement link = row.findElement(By.cssSelector("a.pdf"));
		assertThat(link.isDisplayed()).isTrue();
		HttpResponse<byte[]> pdf = new PaperworkClient(port).get(link.getDomAttribute("href"));
		assertThat(new String(pdf.body(), 0, 5, java.nio.charset.StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
		Chromium.assertNothingWentWrong(browser);
	}

	@Test
	void showsWarningsAndErrorsAsTextWhateverTheySay() throws Exception {
		choose(write("<img src=x onerror=alert(1)> 漢字.docx", DocxFile.withText("漢字").bytes()));
		choose(write("broken.docx", new byte[] { 1, 2, 3 }));
		WebElement warned = awaitRow("<img src=x onerror=alert(1)> 漢字.docx", "done");
		assertThat(warned.findElement(By.cssSelector(".warnings")).getText())
			.isEqualTo("2 Han characters cannot be drawn with the bundled fonts and appear as #");
		WebElement failed = awaitRow("broken.docx", "failed");
		assertThat(failed.findElement(By.cssSelector(".error")).getText()).contains("is not a Word document");
		assertThat(failed.findElement(By.cssSelector("a.pdf")).isDisplayed()).isFalse();
	}

	@Test
	void takesADroppedFile() {
		browser.executeScript("""
				const transfer = new DataTransfer();
				transfer.items.add(new File(["not Word"], "dropped.docx"));
				document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, cancelable: true }));
				""");
		awaitRow("dropped.docx", "failed");
	}

	@Test
	void saysWhyAFileIsNotTaken() throws Exception {
		choose(write("photo.png", new byte[] { 1 }));
		await("photo.png” is not a Word document");
		choose(write("empty.docx", new byte[0]));
		await("'empty.docx' is empty.");
		choose(write("large.docx", new byte[20 * 1024 * 1024 + 1]));
		await("large.docx” is larger than 20 MB.");
	}

	@Test
	void seesDocumentsOfOthersAndThoseFromBefore() throws Exception {
		new PaperworkClient(port).convert("elsewhere.docx", DocxFile.withText("text").bytes());
		awaitRow("elsewhere.docx", "done");
		browser.navigate().refresh();
		awaitRow("elsewhere.docx", "done");
	}

	@Test
	void comesBackWhenTheServerDoes() throws Exception {
		application.close();
		new WebDriverWait(browser, Duration.ofSeconds(20))
			.until((driver) -> driver.findElement(By.id("connection")).getText().contains("Connection lost"));
		application = startApplication(port);
		new WebDriverWait(browser, Duration.ofSeconds(20))
			.until((driver) -> driver.findElement(By.id("connection")).getText().isEmpty());
		new PaperworkClient(port).convert("after.docx", DocxFile.withText("text").bytes());
		awaitRow("after.docx", "done");
	}

	@ParameterizedTest
	@CsvSource({ "light, 1000", "dark, 1000", "light, 360", "dark, 360" })
	void fitsItsWindow(String scheme, int width) throws Exception {
		choose(WELCOME);
		awaitRow("welcome.docx", "done");
		choose(write("A file whose name is as long as names of contracts tend to be, version 7 final (2).docx",
				DocxFile.withText("漢字 🦖").bytes()));
		choose(write("broken.docx", new byte[] { 1, 2, 3 }));
		awaitRow("broken.docx", "failed");
		awaitRow("A file whose name is as long as names of contracts tend to be, version 7 final (2).docx", "done");
		choose(write("photo.png", new byte[] { 1 }));
		Chromium.emulate(browser, scheme, width, 1100);
		show("queued", 2, null, "No luck this time: a file could not be read or written.");
		show("running", 3, 50, null);
		Chromium.photograph(browser, scheme + "-" + width);
	}

	// States that last too short to be photographed.
	private static void show(String state, int attempt, Integer percent, String error) {
		browser.executeScript(
				"show({id: 'shown-' + arguments[0], name: 'Quarterly report.docx', state: arguments[0], "
						+ "attempt: arguments[1], percent: arguments[2], error: arguments[3], warnings: []}, false)",
				state, attempt, percent, error);
	}

	private static void choose(Path file) {
		WebElement input = browser.findElement(By.id("file"));
		((JavascriptExecutor) browser).executeScript("arguments[0].hidden = false", input);
		input.sendKeys(file.toString());
		browser.executeScript("arguments[0].hidden = true", input);
	}

	private static WebElement awaitRow(String name, String state) {
		return new WebDriverWait(browser, Duration.ofSeconds(60))
			.until((driver) -> driver.findElements(By.cssSelector("#documents .document[data-state=" + state + "]"))
				.stream()
				.filter((row) -> row.findElement(By.cssSelector(".name")).getText().equals(name))
				.findFirst()
				.orElse(null));
	}

	private static void await(String problem) {
		new WebDriverWait(browser, Duration.ofSeconds(20))
			.until((driver) -> driver.findElement(By.id("problems")).getText().contains(problem));
	}

	private static Path write(String name, byte[] content) throws IOException {
		return Files.write(directory.resolve(name), content);
	}

	private static ConfigurableApplicationContext startApplication(int port) {
		return SpringApplication.run(PaperworkApplication.class, "--server.port=" + port,
				"--paperwork.storage=" + directory.resolve("data"));
	}

}
