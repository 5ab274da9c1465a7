package dev.backgroundjobs.message;

import tools.jackson.core.StreamReadConstraints;

/**
 * Limits that a message's JSON keeps, when it is written and before it is read.
 */
public final class MessageLimits {

	/** Largest message in bytes, in the form in which it travels. */
	public static final int MAX_BYTES = 1_500_000;

	/** Deepest nesting of objects and arrays. */
	public static final int MAX_DEPTH = 100;

	/** Largest number of JSON tokens. */
	public static final int MAX_TOKENS = 200_000;

	/** Longest string in characters. */
	public static final int MAX_STRING_LENGTH = 1_000_000;

	/** Longest name of a field in characters. */
	public static final int MAX_NAME_LENGTH = 10_000;

	/** Longest number in characters. */
	public static final int MAX_NUMBER_LENGTH = 1_000;

	/** Largest number of headers. */
	public static final int MAX_HEADERS = 1_000;

	static final StreamReadConstraints READ = StreamReadConstraints.builder()
		.maxDocumentLength(MAX_BYTES)
		.maxNestingDepth(MAX_DEPTH)
		.maxTokenCount(MAX_TOKENS)
		.maxStringLength(MAX_STRING_LENGTH)
		.maxNameLength(MAX_NAME_LENGTH)
		.maxNumberLength(MAX_NUMBER_LENGTH)
		.build();

	// The envelope around the arguments has tokens too: its fields, and two for a header.
	static final StreamReadConstraints READ_ARGUMENTS = READ.rebuild().maxTokenCount(MAX_TOKENS - 10_000).build();

	private MessageLimits() {
	}

}
