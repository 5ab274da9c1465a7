/**
 * The jobs an application declares, read from its beans without creating them.
 */
@NullMarked
package dev.backgroundjobs.definition;

import org.jspecify.annotations.NullMarked;
