/**
 * What tests on Kubernetes add to the packaged sample, in the application and in pods.
 */
@NullMarked
package dev.backgroundjobs.kubelet.application;

import org.jspecify.annotations.NullMarked;
