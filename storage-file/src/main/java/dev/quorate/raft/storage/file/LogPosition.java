package dev.quorate.raft.storage.file;

/**
 * A place in a group's log.
 *
 * @param segment the segment's number, from 1
 * @param offset the offset in its file
 */
public record LogPosition(int segment, int offset) {}
