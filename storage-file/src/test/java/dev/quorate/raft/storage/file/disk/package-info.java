/**
 * A small file system in memory that forgets what was not forced, as a disk behind a page cache
 * does. It knows what the storage uses and nothing more.
 */
package dev.quorate.raft.storage.file.disk;
