/**
 * The one pipe: whatever brought a message becomes a delivery, is processed, and comes
 * out as a settlement.
 */
@NullMarked
package dev.backgroundjobs.delivery;

import org.jspecify.annotations.NullMarked;
