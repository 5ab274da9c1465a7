/**
 * Kills the real application and judges what is left: a platform of our own that delivers
 * again, the application's process, a load of jobs, and the tests.
 */
@NullMarked
package dev.backgroundjobs.crash;

import org.jspecify.annotations.NullMarked;
