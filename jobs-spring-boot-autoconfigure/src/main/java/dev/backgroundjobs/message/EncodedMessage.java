package dev.backgroundjobs.message;

import java.nio.charset.StandardCharsets;

/**
 * A message in the form in which it travels.
 *
 * @param bytes the bytes; UTF-8 in every form
 * @param mediaType the media type over HTTP: {@code application/json} or
 * {@code application/jose}
 */
@SuppressWarnings("ArrayRecordComponent")
public record EncodedMessage(byte[] bytes, String mediaType) {

	/**
	 * Return the form as text.
	 * @return the text
	 */
	public String text() {
		return new String(this.bytes, StandardCharsets.UTF_8);
	}

	/**
	 * Return the form for platforms that take nothing but JSON: a protected one is one
	 * string there, two bytes longer.
	 * @return the form itself, or the form in quotation marks
	 */
	public String json() {
		// A protected form has only letters, digits, dots, dashes and underscores.
		return this.mediaType.equals("application/json") ? text() : '"' + text() + '"';
	}

	/**
	 * Describe the form without its content.
	 */
	@Override
	public String toString() {
		return "EncodedMessage[" + this.bytes.length + " bytes, " + this.mediaType + "]";
	}

}
