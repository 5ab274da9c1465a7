/**
 * Callers of Amazon Web Services: authenticators, decoders, responders, events.
 */
@NullMarked
package dev.backgroundjobs.adapter.aws;

import org.jspecify.annotations.NullMarked;
