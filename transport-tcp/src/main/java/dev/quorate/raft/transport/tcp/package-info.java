/** Raft messages as framed binary data over sockets. */
package dev.quorate.raft.transport.tcp;
