/**
 * The calls.
 *
 * <p>One Netty event loop, hence one thread, carries the server, all channels and all of this
 * package's state: five nodes on two cores have no use for more, and each hand-off costs. Only the
 * outbox of a peer is shared with senders' threads. gRPC runs its callbacks in that loop ({@code
 * directExecutor}); name lookups, which block, have threads of their own.
 *
 * <p>Reconnecting and liveness are not left to gRPC: its back-off grows to two minutes, its pings
 * do not tell a slow peer from a dead one, and a channel would keep a stalled connection. Each
 * attempt is a channel of its own that ends with the attempt. The acceptor reports every 100 ms how
 * many messages it got, the dialler sends a keep-alive where nothing else was sent, and a call
 * whose oldest message stays unacknowledged for the stall timeout is replaced.
 */
package dev.quorate.raft.transport.grpc.net;
