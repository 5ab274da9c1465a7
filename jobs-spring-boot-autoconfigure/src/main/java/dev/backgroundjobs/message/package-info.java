/**
 * What travels: the message that asks for one run of a job, and its JSON, plain or
 * signed.
 */
@NullMarked
package dev.backgroundjobs.message;

import org.jspecify.annotations.NullMarked;
