/**
 * The sample application Paperwork: .docx in, PDF out; CSV in, rows out.
 */
@NullMarked
package dev.backgroundjobs.sample;

import org.jspecify.annotations.NullMarked;
