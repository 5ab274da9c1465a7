package dev.backgroundjobs.sample.pi;

import java.math.BigInteger;

/**
 * Computes pi by Machin's formula, {@code pi/4 = 4 arctan(1/5) - arctan(1/239)}.
 */
final class PiDigits {

	// Each of some thousand terms is cut off, which costs less than 5 digits.
	private static final int GUARD = 10;

	private PiDigits() {
	}

	/**
	 * Compute pi.
	 * @param digits how many digits, the 3 among them
	 * @return the number, its last digit rounded
	 */
	static String of(int digits) {
		BigInteger one = BigInteger.TEN.pow(digits - 1 + GUARD);
		BigInteger quarter = arctan(5, one).shiftLeft(2).subtract(arctan(239, one));
		BigInteger guard = BigInteger.TEN.pow(GUARD);
		String number = quarter.shiftLeft(2).add(guard.shiftRight(1)).divide(guard).toString();
		return (digits > 1) ? number.charAt(0) + "." + number.substring(1) : number;
	}

	// The arctangent of 1/x, times one: 1/x - 1/3x^3 + 1/5x^5 ...
	private static BigInteger arctan(long x, BigInteger one) {
		BigInteger square = BigInteger.valueOf(x * x);
		BigInteger power = one.divide(BigInteger.valueOf(x));
		BigInteger sum = power;
		for (long n = 3; power.signum() > 0; n += 2) {
			power = power.divide(square);
			BigInteger term = power.divide(BigInteger.valueOf(n));
			sum = (n % 4 == 3) ? sum.subtract(term) : sum.add(term);
		}
		return sum;
	}

}
