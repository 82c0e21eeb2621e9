/** Copies that are whole and on the disk before they have their names. */
package dev.quorate.raft.tools.files;
