/**
 * Processes that are started for one message, run it and end.
 */
@NullMarked
package dev.backgroundjobs.adapter.runonce;

import org.jspecify.annotations.NullMarked;
