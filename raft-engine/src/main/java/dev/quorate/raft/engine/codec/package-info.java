/**
 * The bytes of what nodes say to each other and of what configuration entries hold: big-endian,
 * versioned, an explicit number for every kind. Decoding trusts nothing: whatever is not exactly an
 * encoded value is a {@link dev.quorate.raft.engine.codec.DecodeException}, and no allocation is
 * larger than the bytes that are there.
 */
package dev.quorate.raft.engine.codec;
