package dev.backgroundjobs.cloudtasks.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Stands for Google's token service: makes OIDC tokens with the claims that Google's page
 * on authenticating push subscriptions shows, signs them with a key of its own (RS256),
 * and serves that key over HTTP. Safe for use by several threads.
 */
public final class GoogleTokenIssuer implements AutoCloseable {

	// A second of CPU each: one for all that a process starts.
	private static final RSAKey FIRST_KEY = newKey();

	private final HttpServer server;

	private final AtomicInteger fetches = new AtomicInteger();

	private volatile RSAKey key = FIRST_KEY;

	private volatile boolean down;

	/**
	 * Start serving keys on a free port of this machine.
	 */
	public GoogleTokenIssuer() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/certs", this::serveKeys);
		this.server.start();
	}

	private void serveKeys(HttpExchange exchange) throws IOException {
		try (exchange) {
			this.fetches.incrementAndGet();
			if (this.down) {
				exchange.sendResponseHeaders(500, -1);
				return;
			}
			byte[] body = new JWKSet(this.key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().add("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
		}
	}

	private static RSAKey newKey() {
		try {
			return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Where the keys are.
	 * @return an address, for {@code jobs.google-oidc.jwk-set-uri}
	 */
	public URI jwkSetUri() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort() + "/certs");
	}

	/**
	 * Make a token as a platform sends it, valid for an hour.
	 * @param audience whom it is for
	 * @param email the service account it is of
	 * @return the token, without "Bearer"
	 */
	public String token(String audience, String email) {
		return sign(claims(audience, email).build(), this.key);
	}

	/**
	 * The claims of such a token, to change some.
	 * @param audience whom it is for
	 * @param email the service account it is of
	 * @return a builder
	 */
	public JWTClaimsSet.Builder claims(Object audience, String email) {
		Instant now = Clock.systemUTC().instant();
		return new JWTClaimsSet.Builder().issuer("https://accounts.google.com")
			.claim("aud", audience)
			.claim("azp", "113774264463038321964")
			.subject("113774264463038321964")
			.claim("email", email)
			.claim("email_verified", true)
			.issueTime(Date.from(now))
			.expirationTime(Date.from(now.plusSeconds(3600)));
	}

	/**
	 * Sign claims, with {@link #key()} for a token that is accepted.
	 * @param claims what the token says
	 * @param key a key, whose id is named in the token's header
	 * @return the token
	 */
	public String sign(JWTClaimsSet claims, RSAKey key) {
		try {
			SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
					claims);
			jwt.sign(new RSASSASigner(key));
			return jwt.serialize();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The key that signs now.
	 * @return with its private part
	 */
	public RSAKey key() {
		return this.key;
	}

	/**
	 * Sign with a new key from now on, and serve only that.
	 */
	public void rotate() {
		this.key = newKey();
	}

	/**
	 * Answer requests for the keys with an error, or no longer.
	 * @param down whether there is to be an error
	 */
	public void setDown(boolean down) {
		this.down = down;
	}

	/**
	 * How often the keys were asked for.
	 * @return the number of requests
	 */
	public int fetches() {
		return this.fetches.get();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
