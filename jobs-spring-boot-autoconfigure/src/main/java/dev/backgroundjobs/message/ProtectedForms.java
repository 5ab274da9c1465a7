package dev.backgroundjobs.message;

import java.time.Clock;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The forms there are keys for. Without keys the JOSE library is not loaded.
 *
 * @param signed the signed form, or {@code null}
 * @param encrypted the encrypted form, or {@code null}
 */
record ProtectedForms(@Nullable SignedForm signed, @Nullable EncryptedForm encrypted) {

	static ProtectedForms of(SigningKeys signing, EncryptionKeys encryption) {
		UsedSecrets used = new UsedSecrets();
		return new ProtectedForms(signing.keys().isEmpty() ? null : new SignedForm(signing, used),
				encryption.keys().isEmpty() ? null : new EncryptedForm(encryption, used));
	}

	boolean signs() {
		return this.signed != null && this.signed.signs();
	}

	boolean encrypts() {
		return this.encrypted != null && this.encrypted.encrypts();
	}

	byte[] protect(byte[] json, Clock clock, @Nullable Instant runAt) {
		byte[] bytes = json;
		if (this.signed != null && this.signed.signs()) {
			bytes = this.signed.sign(bytes, clock.instant(), runAt);
		}
		if (this.encrypted != null && this.encrypted.encrypts()) {
			bytes = this.encrypted.encrypt(bytes, signs());
		}
		return bytes;
	}

}
