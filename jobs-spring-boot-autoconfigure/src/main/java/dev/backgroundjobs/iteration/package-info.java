/**
 * Iterations: jobs that walk a source of items in slices, from where the last slice
 * stopped.
 */
@NullMarked
package dev.backgroundjobs.iteration;

import org.jspecify.annotations.NullMarked;
