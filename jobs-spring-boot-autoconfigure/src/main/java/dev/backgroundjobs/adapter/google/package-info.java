/**
 * Google's callers: who they are, and what they send.
 */
@NullMarked
package dev.backgroundjobs.adapter.google;

import org.jspecify.annotations.NullMarked;
