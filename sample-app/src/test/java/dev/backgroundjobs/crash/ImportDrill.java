package dev.backgroundjobs.crash;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;

import dev.backgroundjobs.history.HistoryLog;
import dev.backgroundjobs.sample.PaperworkClient;
import tools.jackson.databind.JsonNode;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application in a process of its own that imports one file, with a database that can
 * be looked into while the process is gone.
 */
final class ImportDrill implements AutoCloseable {

	private static final int KILLED = 137;

	private static final int TERMINATED = 143;

	private final Path directory;

	private final boolean platformKeepsJobs;

	private final HistoryLog history;

	private final PushPlatform platform;

	private ApplicationProcess application;

	private String path = "";

	private int starts;

	/**
	 * Start the application.
	 * @param name the name of a directory below {@code target/crash}
	 * @param platformKeepsJobs whether its backend is the platform, else {@code local}
	 */
	ImportDrill(String name, boolean platformKeepsJobs) throws IOException, InterruptedException {
		this.directory = Path.of("target", "crash", name).toAbsolutePath();
		FileSystemUtils.deleteRecursively(this.directory);
		Files.createDirectories(this.directory);
		this.platformKeepsJobs = platformKeepsJobs;
		this.history = HistoryLog.open(this.directory.resolve("history"), "test");
		this.platform = new PushPlatform(this.history, 1, Duration.ofSeconds(20));
		this.application = process();
		awaitStart();
	}

	private ApplicationProcess process() throws IOException, InterruptedException {
		String name = "app-" + ++this.starts;
		return this.platformKeepsJobs
				? ApplicationProcess.start(PackagedSample.get(), this.directory, name, this.platform)
				: ApplicationProcess.startWithoutQueue(PackagedSample.get(), this.directory, name, this.platform);
	}

	private void awaitStart() {
		await().atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(10))
			.failFast("The application did not start: " + this.application, () -> !this.application.isAlive())
			.until(() -> this.platform.target() != null);
	}

	void restart() throws IOException, InterruptedException {
		this.application = process();
		awaitStart();
	}

	void upload(int rows) throws IOException, InterruptedException {
		StringBuilder csv = new StringBuilder("id,name,state\n");
		for (int id = 1; id <= rows; id++) {
			csv.append(id).append(",Name ").append(id).append(",open\n");
		}
		HttpResponse<byte[]> accepted = client().uploadTo("/imports", "file", "rows.csv",
				csv.toString().getBytes(StandardCharsets.UTF_8));
		assertThat(accepted.statusCode()).isEqualTo(202);
		this.path = accepted.headers().firstValue("Location").orElseThrow();
	}

	JsonNode shown() throws IOException, InterruptedException {
		return client().json(client().get(this.path));
	}

	int resume() throws IOException, InterruptedException {
		return client().post(this.path + "/resume", "application/json", new byte[0]).statusCode();
	}

	/**
	 * Wait until it runs and shows more finished rows than so many.
	 */
	void awaitMoreThan(long rows) {
		await().atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(50))
			.until(this::shown,
					(now) -> now.get("state").asString().equals("running") && now.get("processed").asLong() > rows);
	}

	JsonNode awaitDone() {
		return await().atMost(Duration.ofSeconds(120))
			.pollInterval(Duration.ofMillis(100))
			.until(this::shown, (now) -> now.get("state").asString().matches("done|failed"));
	}

	/**
	 * SIGTERM.
	 */
	void stop() throws InterruptedException {
		this.application.stop();
		awaitExit(TERMINATED);
	}

	/**
	 * {@code kill -9}.
	 */
	void kill() throws InterruptedException {
		this.application.kill();
		awaitExit(KILLED);
	}

	private void awaitExit(int code) throws InterruptedException {
		assertThat(this.application.awaitExit(Duration.ofSeconds(40))).as("exit of %s", this.application)
			.hasValue(code);
		this.platform.forgetTheTarget();
	}

	/**
	 * Look how many rows there are while the application is gone.
	 */
	long rows() throws SQLException {
		return query("SELECT COUNT(*) FROM imported_row");
	}

	/**
	 * Look how often a row was there already.
	 */
	long repeatedRows() throws SQLException {
		return query("SELECT repeated_rows FROM csv_import");
	}

	/**
	 * Look how many rows are known to be done.
	 */
	long processed() throws SQLException {
		return query("SELECT processed FROM csv_import");
	}

	private long query(String sql) throws SQLException {
		Path database = this.directory.resolve("documents").resolve("paperwork");
		try (Connection connection = DriverManager.getConnection("jdbc:h2:file:" + database + ";IFEXISTS=TRUE", "sa",
				"");
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			assertThat(result.next()).isTrue();
			return result.getLong(1);
		}
	}

	private PaperworkClient client() {
		return new PaperworkClient(Objects.requireNonNull(this.platform.target()).getPort());
	}

	@Override
	public void close() {
		this.application.kill();
		this.platform.close();
		this.history.close();
	}

}
