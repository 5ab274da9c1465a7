package dev.backgroundjobs.crash;

import java.io.IOException;

import com.sun.net.httpserver.HttpExchange;

/**
 * A message as {@link PushPlatform} has taken it.
 *
 * @param name what it is refused by when it comes again
 * @param sender the process that sent it
 * @param id the job's id
 * @param seq which of the job's messages it is
 * @param queue the queue
 * @param time when it is to be delivered, in milliseconds
 * @param contentType its form
 * @param body itself
 */
@SuppressWarnings("ArrayRecordComponent")
record PlatformMessage(String name, String sender, String id, int seq, String queue, long time, String contentType,
		byte[] body) {

	static PlatformMessage of(HttpExchange exchange) throws IOException {
		String key = header(exchange, "Message-Key");
		int colon = key.lastIndexOf(':');
		return new PlatformMessage(header(exchange, "Message-Name"), header(exchange, "Message-Sender"),
				key.substring(0, colon), Integer.parseInt(key.substring(colon + 1)), header(exchange, "Message-Queue"),
				Long.parseLong(header(exchange, "Message-Time")), header(exchange, "Content-Type"),
				exchange.getRequestBody().readAllBytes());
	}

	private static String header(HttpExchange exchange, String name) {
		return exchange.getRequestHeaders().getFirst(name);
	}

}
