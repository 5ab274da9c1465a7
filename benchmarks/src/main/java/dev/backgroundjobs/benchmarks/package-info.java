/**
 * The library beside the bare thing, in one run.
 */
@NullMarked
package dev.backgroundjobs.benchmarks;

import org.jspecify.annotations.NullMarked;
