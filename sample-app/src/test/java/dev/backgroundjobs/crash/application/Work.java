package dev.backgroundjobs.crash.application;

/**
 * What the recorded jobs are told.
 *
 * @param id the job's id once more, to see that arguments arrive with their message
 * @param millis how long to take
 */
record Work(String id, long millis) {
}
