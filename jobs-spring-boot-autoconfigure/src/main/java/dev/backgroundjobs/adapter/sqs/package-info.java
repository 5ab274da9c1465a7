/**
 * The backend {@code sqs}, and its worker.
 */
@NullMarked
package dev.backgroundjobs.adapter.sqs;

import org.jspecify.annotations.NullMarked;
