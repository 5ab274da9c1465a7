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
	 * Describe the form without its content.
	 */
	@Override
	public String toString() {
		return "EncodedMessage[" + this.bytes.length + " bytes, " + this.mediaType + "]";
	}

}
