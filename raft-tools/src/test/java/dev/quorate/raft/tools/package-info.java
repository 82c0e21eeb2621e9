/** Tests of the commands on directories that real nodes made. */
package dev.quorate.raft.tools;
