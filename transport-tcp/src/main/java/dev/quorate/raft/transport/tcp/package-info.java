/**
 * Raft messages as framed binary data over sockets, with nothing but the JDK.
 *
 * <p>A node dials each of its peers and sends on the connection it dialled; what it receives comes
 * on connections that its peers dialled. So there are two connections a pair, each with one
 * direction of data, and a restarted or moved node needs nobody's help to be heard again.
 *
 * <p>Configuration keys, with their defaults:
 *
 * <ul>
 *   <li>{@code raft.transport.tcp.send-queue-bytes} (8MiB): how much waits for one peer in one
 *       lane; what comes on top is dropped
 *   <li>{@code raft.transport.tcp.socket-send-buffer-bytes} (256KiB): how much the operating system
 *       buffers for one peer; an urgent frame waits behind that much bulk at worst
 *   <li>{@code raft.transport.tcp.connect-timeout} (1s): how long one attempt to connect takes at
 *       most
 *   <li>{@code raft.transport.tcp.handshake-timeout} (3s): how long a connection that came in may
 *       be silent before it has said who it is
 *   <li>{@code raft.transport.tcp.stall-timeout} (1500ms): how long a peer may leave bytes
 *       unacknowledged before the connection is replaced
 *   <li>{@code raft.transport.tcp.reconnect-backoff-max} (1s): the longest pause between two
 *       attempts
 *   <li>{@code raft.transport.tcp.max-inbound} (64): how many connections from outside are held
 * </ul>
 */
package dev.quorate.raft.transport.tcp;
