/** Everything that lies in a data directory, line by line. */
package dev.quorate.raft.tools.dump;
