/**
 * A cluster of one machine for tests: fabric8's API server in memory, and a double of
 * what runs the pods of Jobs.
 */
@NullMarked
package dev.backgroundjobs.kubelet;

import org.jspecify.annotations.NullMarked;
