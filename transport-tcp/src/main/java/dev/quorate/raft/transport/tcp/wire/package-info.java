/**
 * The bytes on a connection, and nothing about sockets.
 *
 * <p>The dialler opens with a {@link dev.quorate.raft.transport.tcp.wire.Hello}, the acceptor
 * answers with an {@link dev.quorate.raft.transport.tcp.wire.Answer}. Both share one form:
 *
 * <pre>
 *   magic        4 bytes   "QRTh" of a hello, "QRTa" of an answer
 *   length       2 bytes   of the body, at most 512
 *   body
 *   checksum     4 bytes   CRC32C of all before it
 * </pre>
 *
 * <p>After an accepting answer both directions carry frames of the version that was agreed:
 *
 * <pre>
 *   length       4 bytes   of the payload
 *   version      1 byte
 *   kind         1 byte    see {@link dev.quorate.raft.transport.tcp.wire.FrameKind}
 *   checksum     4 bytes   CRC32C of the six bytes before it and of the payload
 *   payload
 * </pre>
 *
 * <p>All numbers are big-endian. The beginning of a hello (magic, length, lowest and highest
 * version) never changes, so that any two releases can agree on a version or say that they cannot.
 */
package dev.quorate.raft.transport.tcp.wire;
