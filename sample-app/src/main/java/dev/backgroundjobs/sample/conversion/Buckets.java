package dev.backgroundjobs.sample.conversion;

/**
 * Buckets that this application reads and writes: a bean of each profile that has some.
 *
 * @param provider who keeps them, as events say it
 */
record Buckets(String provider) {

}
