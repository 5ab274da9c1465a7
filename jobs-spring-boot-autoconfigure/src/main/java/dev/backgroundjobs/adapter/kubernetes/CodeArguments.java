package dev.backgroundjobs.adapter.kubernetes;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds the arguments of a command that are programs themselves, as after {@code sh -c}:
 * what is put into them is run.
 */
final class CodeArguments {

	// The letter of the option that a program follows, by the name of the interpreter
	// without a version.
	private static final Map<String, String> OPTIONS = Map.ofEntries(Map.entry("sh", "c"), Map.entry("bash", "c"),
			Map.entry("dash", "c"), Map.entry("ash", "c"), Map.entry("zsh", "c"), Map.entry("ksh", "c"),
			Map.entry("mksh", "c"), Map.entry("rbash", "c"), Map.entry("fish", "cC"), Map.entry("pwsh", "cC"),
			Map.entry("python", "c"), Map.entry("perl", "eE"), Map.entry("ruby", "e"), Map.entry("node", "ep"),
			Map.entry("php", "r"), Map.entry("lua", "e"), Map.entry("luajit", "e"), Map.entry("R", "e"),
			Map.entry("Rscript", "e"), Map.entry("julia", "eE"), Map.entry("groovy", "e"), Map.entry("bun", "ep"),
			Map.entry("su", "c"), Map.entry("runuser", "c"));

	// Their program is the first word that is no option.
	private static final Set<String> FIRST = Set.of("awk", "gawk", "mawk", "nawk");

	// Options of those that the next word belongs to.
	private static final Set<String> WITH_VALUE = Set.of("-F", "-v");

	// Of these options of a shell the next argument is a part.
	private static final Set<String> PAIRED = Set.of("--rcfile", "--init-file");

	private static final Set<String> LONG = Set.of("--eval", "--print", "--run");

	private CodeArguments() {
	}

	/**
	 * Return which of a command and its arguments are programs.
	 * @param words the command, and its arguments after it
	 * @return their places
	 */
	static Set<Integer> of(List<String> words) {
		Set<Integer> places = new HashSet<>();
		for (int i = 0; i < words.size(); i++) {
			String interpreter = interpreter(words.get(i));
			if (OPTIONS.containsKey(interpreter)) {
				addPrograms(words, i + 1, interpreter, places);
			}
			else if (FIRST.contains(interpreter)) {
				addFirst(words, i + 1, places);
			}
			else if (interpreter.equals("deno") && i + 2 < words.size() && words.get(i + 1).equals("eval")) {
				IntStream.range(i + 2, words.size()).forEach(places::add);
			}
		}
		return places;
	}

	private static String interpreter(String word) {
		return word.substring(word.lastIndexOf('/') + 1).replaceFirst("[0-9][0-9.]*$", "");
	}

	private static void addPrograms(List<String> words, int start, String interpreter, Set<Integer> places) {
		boolean isShell = interpreter.endsWith("sh");
		boolean isNext = false;
		for (int i = start; i < words.size(); i++) {
			String word = words.get(i);
			if (word.length() > 1 && (word.startsWith("-") || word.startsWith("+"))) {
				isNext |= takesProgram(word, OPTIONS.getOrDefault(interpreter, ""));
				// It may follow its letter at once, as in perl -e'...'.
				if (isNext) {
					places.add(i);
				}
				i += (isShell && !interpreter.equals("pwsh")) ? parts(word) : 0;
			}
			else if (isNext) {
				places.add(i);
				isNext = false;
			}
			else if (isShell) {
				// A file, or what a program is given: no code of this shell.
				return;
			}
		}
	}

	private static void addFirst(List<String> words, int start, Set<Integer> places) {
		for (int i = start; i < words.size(); i++) {
			String word = words.get(i);
			if (word.startsWith("-f") || word.startsWith("--file")) {
				return;
			}
			if (word.startsWith("--source=") || word.matches("-e.+")) {
				places.add(i);
				return;
			}
			if (WITH_VALUE.contains(word)) {
				i++;
			}
			else if (!word.startsWith("-")) {
				places.add(i);
				return;
			}
		}
	}

	// Each letter o has the name of a setting after it, as in -euo pipefail.
	private static int parts(String option) {
		if (option.startsWith("--")) {
			return PAIRED.contains(option) ? 1 : 0;
		}
		return (int) option.chars().filter((letter) -> letter == 'o' || letter == 'O').count();
	}

	private static boolean takesProgram(String option, String letters) {
		return option.startsWith("--") ? LONG.contains(option.split("=", 2)[0])
				: option.chars().skip(1).anyMatch((letter) -> letters.indexOf(letter) >= 0);
	}

}
