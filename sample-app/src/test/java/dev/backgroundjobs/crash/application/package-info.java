/**
 * What is added to the sample application when it is to be killed: a backend that talks
 * to the test's platform, a few recorded jobs, and points to die at. All of it uses what
 * every application can: beans of the library's own interfaces, filters, jobs.
 */
@NullMarked
package dev.backgroundjobs.crash.application;

import org.jspecify.annotations.NullMarked;
