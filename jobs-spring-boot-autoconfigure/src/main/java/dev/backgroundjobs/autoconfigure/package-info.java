/**
 * Properties, conditions, wiring and failure analyses.
 */
@NullMarked
package dev.backgroundjobs.autoconfigure;

import org.jspecify.annotations.NullMarked;
