package dev.backgroundjobs.docs;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import dev.backgroundjobs.delivery.DeliveryRequest;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

@Component
class CourierAuthenticator implements DeliveryAuthenticator {

	private final byte[] secret;

	CourierAuthenticator(@Value("${app.courier-secret}") String secret) {
		if (secret.length() < 32) {
			throw new IllegalArgumentException("Property 'app.courier-secret' has " + secret.length()
					+ " characters: give 32 or more, such as those of 'openssl rand -hex 32'");
		}
		this.secret = secret.getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public Decision authenticate(DeliveryRequest request) {
		String given = request.header("Courier-Secret");
		if (given == null) {
			return Decision.ABSTAIN; // another authenticator, or a signature, may vouch
										// for it
		}
		// In the same time, whichever character is the first that is wrong.
		return MessageDigest.isEqual(this.secret, given.getBytes(StandardCharsets.UTF_8)) ? Decision.ACCEPT
				: Decision.REFUSE;
	}

}
