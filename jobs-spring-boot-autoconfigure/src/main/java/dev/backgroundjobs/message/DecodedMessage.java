package dev.backgroundjobs.message;

/**
 * A message that was read, with what its form says about it.
 *
 * @param message the message
 * @param isSigned whether a signature vouches for it
 * @param isEncrypted whether it came encrypted, around the signed form if it is signed
 * @param isExpired whether its signature has expired, which is accepted only from a
 * caller that is trusted otherwise
 */
public record DecodedMessage(JobMessage message, boolean isSigned, boolean isEncrypted, boolean isExpired) {
}
