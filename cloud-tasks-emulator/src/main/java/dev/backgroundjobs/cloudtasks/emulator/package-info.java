/**
 * A local Cloud Tasks, which Google does not have: for tests and laptops.
 */
@NullMarked
package dev.backgroundjobs.cloudtasks.emulator;

import org.jspecify.annotations.NullMarked;
