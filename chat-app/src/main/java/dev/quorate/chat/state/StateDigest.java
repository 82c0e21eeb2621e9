package dev.quorate.chat.state;

/**
 * What the state is, in few bytes: two nodes whose index is equal have applied the same commands
 * with the same results if and only if their hashes are equal.
 *
 * @param index the index of the last applied command; 0 if there was none
 * @param hash 64 hexadecimal digits
 */
public record StateDigest(long index, String hash) {}
