/**
 * Runs one message: binds its arguments, calls the bean, watches the deadline, and says
 * how the run ended.
 */
@NullMarked
package dev.backgroundjobs.execution;

import org.jspecify.annotations.NullMarked;
