/**
 * The {@code pubsub} backend.
 */
@NullMarked
package dev.backgroundjobs.adapter.pubsub;

import org.jspecify.annotations.NullMarked;
