package dev.backgroundjobs.adapter.kubernetes;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Which arguments of a command are programs.
 */
class CodeArgumentsTests {

	static Stream<Arguments> commands() {
		return Stream.of(arguments(List.of("sh", "-c", "X"), Set.of(2)),
				arguments(List.of("/bin/bash", "-euc", "X", "arg0", "arg1"), Set.of(2)),
				arguments(List.of("bash", "-o", "pipefail", "-c", "X"), Set.of(4)),
				arguments(List.of("bash", "-c", "-o", "pipefail", "X"), Set.of(4)),
				arguments(List.of("bash", "-euo", "pipefail", "-c", "X"), Set.of(4)),
				arguments(List.of("bash", "-ceuo", "pipefail", "X"), Set.of(3)),
				arguments(List.of("bash", "+eo", "posix", "-c", "X"), Set.of(4)),
				arguments(List.of("bash", "--rcfile", "rc", "-c", "X"), Set.of(4)),
				arguments(List.of("fish", "-c", "X"), Set.of(2)),
				arguments(List.of("pwsh", "-NoProfile", "-Command", "X"), Set.of(3)),
				arguments(List.of("node", "--eval=X\nY"), Set.of(1)),
				arguments(List.of("/usr/bin/env", "-S", "dash", "-x", "-c", "X"), Set.of(5)),
				arguments(List.of("busybox", "ash", "-c", "X"), Set.of(3)),
				arguments(List.of("tini", "--", "zsh", "-lc", "X"), Set.of(4)),
				arguments(List.of("sh", "script.sh", "-c", "X"), Set.of()),
				arguments(List.of("perl", "-Mbignum=bpi", "-wle", "X"), Set.of(3)),
				arguments(List.of("perl", "-I", "lib", "-e", "X", "-e", "Y"), Set.of(4, 6)),
				arguments(List.of("perl", "-eX"), Set.of(1)), arguments(List.of("python3.12", "-c", "X"), Set.of(2)),
				arguments(List.of("node", "--eval", "X"), Set.of(2)), arguments(List.of("echo", "-c", "X"), Set.of()),
				arguments(List.of("su", "app", "-c", "X"), Set.of(3)),
				arguments(List.of("lua5.4", "-e", "X"), Set.of(2)),
				arguments(List.of("Rscript", "--vanilla", "-e", "X"), Set.of(3)),
				arguments(List.of("julia", "-E", "X"), Set.of(2)), arguments(List.of("bun", "-e", "X"), Set.of(2)),
				arguments(List.of("deno", "eval", "X"), Set.of(2)), arguments(List.of("awk", "X", "file"), Set.of(1)),
				arguments(List.of("gawk", "-F", ":", "-v", "a=b", "X", "file"), Set.of(5)),
				arguments(List.of("gawk", "-F:", "--source", "X", "file"), Set.of(3)),
				arguments(List.of("mawk", "-f", "program.awk", "file"), Set.of()), arguments(List.of("sh"), Set.of()),
				arguments(List.of(), Set.of()));
	}

	@ParameterizedTest
	@MethodSource("commands")
	void findsPrograms(List<String> words, Set<Integer> programs) {
		assertThat(CodeArguments.of(words)).containsAll(programs);
		assertThat(CodeArguments.of(words)).allMatch(
				(place) -> programs.contains(place) || words.get(place).startsWith("-"), "a program or an option");
	}

}
