package dev.backgroundjobs.sample.imports;

/**
 * Says that an import changed.
 *
 * @param changed the import as it is now
 */
public record ImportChangedEvent(Import changed) {

}
