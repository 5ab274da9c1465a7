package dev.backgroundjobs.iteration;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names of a CSV file's columns.
 *
 * @param file what messages call the file
 * @param names the names; none when the file is read without a header
 * @param indexes the columns' places, from 0
 */
record CsvHeader(String file, List<String> names, Map<String, Integer> indexes) {

	static CsvHeader none(String file) {
		return new CsvHeader(file, List.of(), Map.of());
	}

	static CsvHeader of(String file, List<String> names) {
		Map<String, Integer> indexes = new HashMap<>();
		for (int i = 0; i < names.size(); i++) {
			Integer before = names.get(i).isEmpty() ? null : indexes.put(names.get(i), i);
			if (before != null) {
				throw new IllegalStateException(
						"%s has two columns '%s', %d and %d (from 0): read it 'withoutHeader', by ".formatted(file,
								names.get(i), before, i) + "their places");
			}
		}
		return new CsvHeader(file, names, indexes);
	}

	int index(String column) {
		Integer index = this.indexes.get(column);
		if (index == null && this.names.isEmpty()) {
			throw new IllegalStateException(
					"%s is read without a header, so it has no column '%s': ask for the field by ".formatted(this.file,
							column) + "its place");
		}
		if (index == null) {
			throw new IllegalArgumentException(
					"%s has no column '%s'; its columns are %s".formatted(this.file, column, this.names));
		}
		return index;
	}

}
