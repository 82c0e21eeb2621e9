/**
 * The service provider interface of transports: carry opaque, bounded frames from node to node,
 * soon or not at all.
 *
 * <p><b>What may happen to a frame.</b> A transport may lose, repeat and reorder frames. It must
 * not alter, cut or join them, must not deliver a frame to another node than the one it was sent
 * to, whoever listens at that node's address by now, and must not deliver a frame of another
 * cluster. So a connection begins with a handshake that names the cluster, the sender and the node
 * that is meant, and the other end refuses it unless cluster and node are its own.
 *
 * <p><b>What it costs.</b> A transport never blocks its caller and never keeps more than a bounded
 * number of bytes a peer, some MiB: past that it drops, because Raft sends again what matters.
 *
 * <p><b>Clients outside the cluster</b> open {@link dev.quorate.raft.api.transport.Link}s: on these
 * both ends send, so that a client listens nowhere and works behind firewalls. A transport may do
 * without.
 *
 * <p>A provider is found by {@link java.util.ServiceLoader} under its short name. Its jar declares
 * it by {@code provides} in the module descriptor and in {@code META-INF/services}, for users of
 * the class path.
 *
 * <p>The test kit's {@code TransportContract} has these promises as tests.
 */
package dev.quorate.raft.api.transport;
