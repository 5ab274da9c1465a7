package dev.backgroundjobs.sample.conversion;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Documents in buckets.
 *
 * @param output location that PDF files of stored documents are written to, such as
 * gs://bucket/folder, s3://bucket/folder or file:/directory. Without it documents in
 * buckets are left alone.
 * @param objectRoot location of a directory that stands for all buckets: each has a
 * directory of its name in it. The buckets themselves by default.
 */
@ConfigurationProperties("paperwork")
record StoredDocumentsProperties(@Nullable String output, @Nullable String objectRoot) {

}
