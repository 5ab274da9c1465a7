package dev.backgroundjobs.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Starts an application without the library and the same with it, in turns, each with and
 * without an archive of its classes: an AOT cache where the JDK has one, CDS elsewhere.
 * {@code benchmarks/start-up.sh} makes the two directories.
 */
final class StartUpComparison {

	private StartUpComparison() {
	}

	/**
	 * Compare.
	 * @param args directory of the bare application, directory of that with the starter,
	 * number of rounds
	 * @throws Exception when an application does not start
	 */
	public static void main(String[] args) throws Exception {
		Path bare = TimedStarts.jar(args[0]);
		Path starter = TimedStarts.jar(args[1]);
		int rounds = Integer.parseInt(args[2]);
		StartComparison plain = compare("plain", TimedStarts.command(bare), TimedStarts.command(starter));
		StartComparison archived = compare(TimedStarts.HAS_AOT_CACHE ? "AOT cache" : "CDS", TimedStarts.archived(bare),
				TimedStarts.archived(starter));
		for (int i = -StartComparison.WARM_UP; i < rounds; i++) {
			plain.run(i >= 0);
			archived.run(i >= 0);
		}
		System.out.printf("JDK %s, %d rounds: median (quartiles), difference within a round%n", Runtime.version(),
				rounds);
		plain.print();
		archived.print();
	}

	private static StartComparison compare(String name, List<String> bare, List<String> starter) {
		return new StartComparison(name, "bare", new TimedStarts(bare, Map.of()), "with the starter",
				new TimedStarts(starter, Map.of()));
	}

}
