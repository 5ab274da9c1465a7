/**
 * The {@code inline} backend.
 */
@NullMarked
package dev.backgroundjobs.adapter.inline;

import org.jspecify.annotations.NullMarked;
