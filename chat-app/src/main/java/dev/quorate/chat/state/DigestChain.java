package dev.quorate.chat.state;

import dev.quorate.chat.result.Refused;
import dev.quorate.chat.result.Result;
import dev.quorate.raft.api.ApplyContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A chain of SHA-256 over all that was applied. The state is a function of it, so that equal chains
 * mean equal states, and it costs one command at a time instead of all of the state. Results are in
 * it so that an {@code apply} that is not deterministic shows.
 */
final class DigestChain {

  private final MessageDigest sha256;

  /** Immutable once it is here, because the status reads it from other threads. */
  private volatile Link latest = new Link(0, new byte[32]);

  private record Link(long index, byte[] hash) {}

  DigestChain() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Takes the next applied command. */
  void add(ApplyContext context, ByteBuffer command, Result result, byte[] resultBytes) {
    // The message of a refusal is for people: rewording it must not look like another state.
    byte[] outcome =
        result instanceof Refused refused
            ? refused.reason().name().getBytes(StandardCharsets.UTF_8)
            : resultBytes;
    ByteBuffer numbers = ByteBuffer.allocate(3 * Long.BYTES + Integer.BYTES);
    numbers.putLong(context.index());
    numbers.putLong(context.wallTimeMillis());
    numbers.putLong(context.clusterTimeMillis());
    numbers.putInt(command.remaining());
    sha256.update(latest.hash());
    sha256.update(numbers.array());
    sha256.update(command);
    latest = new Link(context.index(), sha256.digest(outcome));
  }

  /** Goes on from a chain that was applied elsewhere. */
  void restore(StateDigest digest) {
    latest = new Link(digest.index(), HexFormat.of().parseHex(digest.hash()));
  }

  StateDigest latest() {
    Link link = latest;
    return new StateDigest(link.index(), HexFormat.of().formatHex(link.hash()));
  }
}
