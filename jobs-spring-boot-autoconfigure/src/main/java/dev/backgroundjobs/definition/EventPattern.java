package dev.backgroundjobs.definition;

import org.jspecify.annotations.Nullable;

import org.springframework.util.AntPathMatcher;

/**
 * Which events start a job, as {@code @OnEvent} says. Safe for use by several threads.
 *
 * @param type pattern of the event's type; empty for every one
 * @param source pattern of its source; empty for every one
 * @param subject pattern of its subject; empty for every one, and for none
 */
public record EventPattern(String type, String source, String subject) {

	// Remembers patterns, of which there are few; of names it remembers nothing.
	private static final AntPathMatcher MATCHER = new AntPathMatcher();

	/**
	 * Return whether an event matches.
	 * @param type the event's type
	 * @param source its source
	 * @param subject its subject, or {@code null}
	 * @return whether all three patterns match
	 */
	public boolean matches(String type, String source, @Nullable String subject) {
		return matches(this.type, type) && matches(this.source, source) && matches(this.subject, subject);
	}

	private static boolean matches(String pattern, @Nullable String text) {
		return pattern.isEmpty() || (text != null && MATCHER.match(pattern, text));
	}

	/**
	 * Return whether a pattern can be used at all.
	 * @return why not, or {@code null}
	 */
	@Nullable String problem() {
		if (this.type.isEmpty() && this.source.isEmpty() && this.subject.isEmpty()) {
			return "is empty, so that every event would start the job: give a type, a source or a subject";
		}
		for (String pattern : new String[] { this.type, this.source, this.subject }) {
			if (pattern.chars().filter((c) -> c == '{').count() != pattern.chars().filter((c) -> c == '}').count()) {
				return "has pattern '" + pattern + "', whose braces do not match: write {name:expression}";
			}
			try {
				// A part is compiled when it meets a text.
				for (String part : pattern.split("/", -1)) {
					MATCHER.match(part, "x");
				}
			}
			catch (IllegalArgumentException ex) {
				return "has pattern '" + pattern + "', which cannot be read: " + ex.getMessage();
			}
		}
		return null;
	}

}
