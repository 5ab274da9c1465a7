/**
 * What tests of an application need.
 */
@NullMarked
package dev.backgroundjobs.test;

import org.jspecify.annotations.NullMarked;
