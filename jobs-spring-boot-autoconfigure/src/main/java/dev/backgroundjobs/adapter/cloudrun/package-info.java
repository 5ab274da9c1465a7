/**
 * The {@code cloud-run} backend.
 */
@NullMarked
package dev.backgroundjobs.adapter.cloudrun;

import org.jspecify.annotations.NullMarked;
