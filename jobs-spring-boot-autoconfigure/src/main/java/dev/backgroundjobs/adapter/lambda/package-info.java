/**
 * The backend {@code lambda}, and the handler of functions without a web server.
 */
@NullMarked
package dev.backgroundjobs.adapter.lambda;

import org.jspecify.annotations.NullMarked;
