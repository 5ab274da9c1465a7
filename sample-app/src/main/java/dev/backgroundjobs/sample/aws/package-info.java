/**
 * Amazon Web Services on a laptop: profile {@code aws-local}.
 */
@NullMarked
package dev.backgroundjobs.sample.aws;

import org.jspecify.annotations.NullMarked;
