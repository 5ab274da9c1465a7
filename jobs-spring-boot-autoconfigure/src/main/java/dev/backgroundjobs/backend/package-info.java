/**
 * The SPI of backends: where messages go.
 */
@NullMarked
package dev.backgroundjobs.backend;

import org.jspecify.annotations.NullMarked;
