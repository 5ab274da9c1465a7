/**
 * What happened to jobs, written down by several processes that may die at any moment,
 * and the judgement of it. Knows nothing of the library, so that it cannot share its
 * mistakes.
 */
@NullMarked
package dev.backgroundjobs.history;

import org.jspecify.annotations.NullMarked;
