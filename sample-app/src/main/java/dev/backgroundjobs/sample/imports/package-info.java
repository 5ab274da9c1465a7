/**
 * Imports of CSV files, each by a background job that goes on where it was stopped.
 */
@NullMarked
package dev.backgroundjobs.sample.imports;

import org.jspecify.annotations.NullMarked;
