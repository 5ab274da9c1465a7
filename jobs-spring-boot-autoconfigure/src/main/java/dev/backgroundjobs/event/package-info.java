/**
 * Events that nobody enqueued, and the jobs they start.
 */
@NullMarked
package dev.backgroundjobs.event;

import org.jspecify.annotations.NullMarked;
