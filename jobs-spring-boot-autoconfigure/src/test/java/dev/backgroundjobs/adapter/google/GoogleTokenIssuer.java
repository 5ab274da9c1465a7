package dev.backgroundjobs.adapter.google;

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
import com.sun.net.httpserver.HttpServer;

/**
 * Stands for Google's token service: makes OIDC tokens as platforms.md 2.2 describes
 * them, and serves the keys they are signed with. A double of our own, since Google's
 * cannot be had on a machine without its credentials.
 */
public final class GoogleTokenIssuer implements AutoCloseable {

	private final HttpServer server;

	private final AtomicInteger fetches = new AtomicInteger();

	private volatile RSAKey key = newKey();

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
		this.server.createContext("/certs", (exchange) -> {
			this.fetches.incrementAndGet();
			byte[] body = new JWKSet(this.key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().add("Content-Type", "application/json");
			exchange.sendResponseHeaders(this.down ? 500 : 200, this.down ? -1 : body.length);
			if (!this.down) {
				exchange.getResponseBody().write(body);
			}
			exchange.close();
		});
		this.server.start();
	}

	private static RSAKey newKey() {
		try {
			return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Where the keys are. */
	public URI jwkSetUri() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort() + "/certs");
	}

	/** A token as a platform sends it. */
	public String token(String audience, String email) {
		return sign(claims(audience, email).build(), this.key);
	}

	JWTClaimsSet.Builder claims(Object audience, String email) {
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

	String sign(JWTClaimsSet claims, RSAKey key) {
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

	RSAKey key() {
		return this.key;
	}

	void rotate() {
		this.key = newKey();
	}

	void setDown(boolean down) {
		this.down = down;
	}

	int fetches() {
		return this.fetches.get();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
