/**
 * From a call to a message on a backend: routing by queue, delays, after the commit.
 */
@NullMarked
package dev.backgroundjobs.dispatch;

import org.jspecify.annotations.NullMarked;
