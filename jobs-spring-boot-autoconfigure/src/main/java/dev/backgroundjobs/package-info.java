/**
 * What an application imports: the annotation that declares a job, the dispatcher that
 * sends it, and the values both use.
 */
@NullMarked
package dev.backgroundjobs;

import org.jspecify.annotations.NullMarked;
