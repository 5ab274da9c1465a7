/**
 * Google Cloud on a laptop: profile {@code gcp-local}.
 */
@NullMarked
package dev.backgroundjobs.sample.gcp;

import org.jspecify.annotations.NullMarked;
