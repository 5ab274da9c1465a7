package dev.backgroundjobs.iteration;

import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/**
 * Refuses queries whose parameters are not all named and given, which the database would
 * only say in words of its own, and some only on a later page.
 *
 * @param given the values by name
 */
record JdbcParameters(Map<String, @Nullable Object> given) implements SqlParameterSource {

	// Spring takes these for no parameters either, the last of which are PostgreSQL's
	// operators.
	private static final Pattern NO_PARAMETER = Pattern.compile("'[^']*'|\"[^\"]*\"|--[^\\n]*|/\\*.*?\\*/|\\?[?|&]",
			Pattern.DOTALL);

	void requireAllOf(String sql) {
		if (NO_PARAMETER.matcher(sql).replaceAll("").contains("?")) {
			throw new IllegalStateException(
					"The query has a parameter '?', which has no place beside those of the key: "
							+ "name it, for example ':state', and give its value with 'param(\"state\", value)'");
		}
		// Asks for each name.
		NamedParameterUtils.substituteNamedParameters(NamedParameterUtils.parseSqlStatement(sql), this);
	}

	@Override
	public boolean hasValue(String name) {
		if (!this.given.containsKey(name)) {
			throw new IllegalStateException(
					"The query has a parameter ':%s' without a value: give it with 'param(\"%s\", value)'; those given are %s"
						.formatted(name, name, this.given.keySet()));
		}
		return false;
	}

	@Override
	public @Nullable Object getValue(String name) {
		return this.given.get(name);
	}

}
