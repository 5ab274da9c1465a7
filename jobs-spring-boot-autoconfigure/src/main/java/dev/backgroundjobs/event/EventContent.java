package dev.backgroundjobs.event;

import org.jspecify.annotations.Nullable;

/**
 * The data of an event.
 *
 * @param contentType its media type, or {@code null} when nobody says
 * @param bytes the data; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record EventContent(@Nullable String contentType, byte[] bytes) {

	boolean saysJson() {
		if (this.contentType == null) {
			return false;
		}
		String type = this.contentType.split(";", 2)[0].strip().toLowerCase(java.util.Locale.ROOT);
		return type.equals("application/json") || type.equals("text/json") || type.endsWith("+json");
	}

}
