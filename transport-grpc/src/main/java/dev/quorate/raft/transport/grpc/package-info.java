/**
 * Raft messages as a gRPC service, for sites whose networks prefer HTTP/2.
 *
 * <p>A node calls each of its peers and sends on the call it opened; what it receives comes on
 * calls that its peers opened. One difference to the TCP transport: HTTP/2 has no checksum of its
 * own, so frames are guarded by TCP's alone.
 *
 * <p>Configuration keys, with their defaults:
 *
 * <ul>
 *   <li>{@code raft.transport.grpc.send-queue-bytes} (8MiB): how much waits for one peer in one
 *       lane; what comes on top is dropped
 *   <li>{@code raft.transport.grpc.flow-control-window-bytes} (256KiB): how much a receiver lets
 *       come unread; an urgent frame waits behind that much bulk at worst
 *   <li>{@code raft.transport.grpc.connect-timeout} (1s): how long one attempt to connect takes at
 *       most
 *   <li>{@code raft.transport.grpc.handshake-timeout} (3s): how long either side waits for the
 *       other's part of the handshake
 *   <li>{@code raft.transport.grpc.stall-timeout} (1500ms): how long a peer may leave messages
 *       unacknowledged before the connection is replaced
 *   <li>{@code raft.transport.grpc.reconnect-backoff-max} (1s): the longest pause between two
 *       attempts
 *   <li>{@code raft.transport.grpc.max-inbound} (64): how many connections from outside are held
 * </ul>
 */
package dev.quorate.raft.transport.grpc;
