/**
 * What Paperwork knows about a document, and the directory it keeps it in.
 */
@NullMarked
package dev.backgroundjobs.sample.document;

import org.jspecify.annotations.NullMarked;
