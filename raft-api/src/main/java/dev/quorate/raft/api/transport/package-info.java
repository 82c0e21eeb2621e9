/**
 * The service provider interface of transports: carry opaque, bounded frames from node to node,
 * soon or not at all.
 *
 * <p>A transport may lose, repeat and reorder frames; it must not alter them, and must not deliver
 * a frame of another cluster. It never blocks its caller and never keeps more than a bounded number
 * of bytes a peer: past that it drops, because Raft sends again what matters.
 *
 * <p>A provider is found by {@link java.util.ServiceLoader} under its short name. Its jar declares
 * it by {@code provides} in the module descriptor and in {@code META-INF/services}, for users of
 * the class path.
 */
package dev.quorate.raft.api.transport;
