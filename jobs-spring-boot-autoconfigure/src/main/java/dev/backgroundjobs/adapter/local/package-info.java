/**
 * The {@code local} backend.
 */
@NullMarked
package dev.backgroundjobs.adapter.local;

import org.jspecify.annotations.NullMarked;
