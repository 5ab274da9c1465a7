/**
 * The HTTP endpoints of Paperwork and the events its page listens to.
 */
@NullMarked
package dev.backgroundjobs.sample.web;

import org.jspecify.annotations.NullMarked;
