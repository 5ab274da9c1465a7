/**
 * What is measured from within the package of the {@code cloud-tasks} backend.
 */
@NullMarked
package dev.backgroundjobs.adapter.cloudtasks;

import org.jspecify.annotations.NullMarked;
