/**
 * The sockets.
 *
 * <p>One thread, the {@link dev.quorate.raft.transport.tcp.net.EventLoop}, owns a selector and all
 * channels: the listener, an {@code Inbound} for each connection that came in, and an {@code
 * Outbound} for each peer. Why one loop and no thread a connection: a node's work here is copying
 * some frames, one loop carries gigabytes a second, and each thread more is a hand-off more on a
 * machine with two cores and five nodes. For the same reason a frame is written by the thread that
 * sends it, where the socket takes it at once; sockets never block, so {@code send} does not
 * either, and what a slow peer does not take waits in that peer's own bounded {@code Outbox}. Only
 * name resolution can block, and has threads of its own.
 *
 * <p>Liveness. A dialler's data says nothing about arrival: the system buffers it, and after a
 * partition retransmits ever more rarely, for minutes. So the acceptor reports every 100 ms how
 * many bytes it got, the dialler sends a keep-alive where nothing else was sent, and a connection
 * whose oldest byte stays unacknowledged for the stall timeout is replaced by a new one. A slow
 * link makes progress and is left alone.
 */
package dev.quorate.raft.transport.tcp.net;
