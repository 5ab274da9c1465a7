package dev.backgroundjobs.kubelet.application;

/**
 * What jobs are told.
 *
 * @param text any text
 */
record Note(String text) {

}
