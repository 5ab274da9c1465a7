/**
 * The backend {@code eventbridge-scheduler}, which only holds messages until their time.
 */
@NullMarked
package dev.backgroundjobs.adapter.scheduler;

import org.jspecify.annotations.NullMarked;
