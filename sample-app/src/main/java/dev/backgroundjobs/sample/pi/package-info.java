/**
 * Digits of pi, by a background job that is a container of its own on Kubernetes.
 */
@NullMarked
package dev.backgroundjobs.sample.pi;

import org.jspecify.annotations.NullMarked;
