package dev.backgroundjobs;

/**
 * Which part of a parallel iteration a job is, or which of several tasks that a platform
 * runs it in.
 *
 * @param parent the id of the job that was enqueued
 * @param index which part this is, from 0
 * @param count how many parts there are
 */
public record ParallelPart(String parent, int index, int count) {
}
