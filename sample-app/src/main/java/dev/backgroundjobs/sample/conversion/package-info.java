/**
 * The background job that turns a .docx file into a PDF, and what it needs to do so.
 */
@NullMarked
package dev.backgroundjobs.sample.conversion;

import org.jspecify.annotations.NullMarked;
