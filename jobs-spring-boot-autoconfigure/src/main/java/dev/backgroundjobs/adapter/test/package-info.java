/**
 * The {@code test} backend.
 */
@NullMarked
package dev.backgroundjobs.adapter.test;

import org.jspecify.annotations.NullMarked;
