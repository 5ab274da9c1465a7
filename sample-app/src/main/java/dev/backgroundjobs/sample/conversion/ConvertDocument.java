package dev.backgroundjobs.sample.conversion;

/**
 * What the job {@code documents.convert} is told.
 *
 * @param documentId the id of the stored document
 */
record ConvertDocument(String documentId) {

}
