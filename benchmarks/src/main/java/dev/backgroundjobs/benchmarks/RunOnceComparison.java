package dev.backgroundjobs.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Starts an application as the web application that it is and for one message, in turns,
 * each with and without an archive of its classes, which is that of the web application
 * as in an image. {@code benchmarks/run-once.sh} makes the directory.
 */
final class RunOnceComparison {

	private static final Map<String, String> MESSAGE = Map
		.of("JOBS_MESSAGE", "{\"v\":1,\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"seq\":0,\"job\":\"e.clean\","
				+ "\"queue\":\"maintenance\",\"args\":[],\"attempt\":1,\"enqueuedAt\":\"2026-01-02T03:04:05.678Z\"}");

	private RunOnceComparison() {
	}

	/**
	 * Compare.
	 * @param args directory of the application with the starter, number of rounds
	 * @throws Exception when the application does not start
	 */
	public static void main(String[] args) throws Exception {
		Path jar = TimedStarts.jar(args[0]);
		int rounds = Integer.parseInt(args[1]);
		StartComparison plain = compare("plain", TimedStarts.command(jar));
		StartComparison archived = compare(TimedStarts.HAS_AOT_CACHE ? "AOT cache" : "CDS", TimedStarts.archived(jar));
		for (int i = -StartComparison.WARM_UP; i < rounds; i++) {
			plain.run(i >= 0);
			archived.run(i >= 0);
		}
		System.out.printf("JDK %s, %d rounds until it is ready: median (quartiles), difference within a round%n",
				Runtime.version(), rounds);
		plain.print();
		archived.print();
	}

	private static StartComparison compare(String name, List<String> command) {
		return new StartComparison(name, "web application", new TimedStarts(command, Map.of()), "for one message",
				new TimedStarts(command, MESSAGE));
	}

}
