/**
 * The {@code kubernetes} backend.
 */
@NullMarked
package dev.backgroundjobs.adapter.kubernetes;

import org.jspecify.annotations.NullMarked;
