package dev.backgroundjobs.sample.imports;

import java.util.UUID;

/**
 * What the job {@code imports.run} is told.
 *
 * @param importId the import's id
 */
record RunImport(UUID importId) {

}
