package dev.backgroundjobs.delivery;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP request to the endpoint, as authenticators and decoders see it.
 */
public interface DeliveryRequest {

	/**
	 * Return the method.
	 * @return the method, in capitals
	 */
	String method();

	/**
	 * Return the path within the application.
	 * @return the path
	 */
	String path();

	/**
	 * Return a header's first value.
	 * @param name the header's name, in any spelling
	 * @return the value, or {@code null}
	 */
	@Nullable String header(String name);

	/**
	 * Return all values of a header.
	 * @param name the header's name, in any spelling
	 * @return the values
	 */
	List<String> headers(String name);

	/**
	 * Return all headers.
	 * @return the first value of each header by its name, in any spelling
	 */
	Map<String, String> headers();

	/**
	 * Return the address of the socket's peer.
	 * @return the address
	 */
	String remoteAddress();

	/**
	 * Return whether the peer is this machine itself. A request that was forwarded never
	 * is: its {@code Forwarded} and {@code X-Forwarded-…} headers can be made up.
	 * @return whether it is
	 */
	boolean isLoopback();

}
