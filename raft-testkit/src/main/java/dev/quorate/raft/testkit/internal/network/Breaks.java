package dev.quorate.raft.testkit.internal.network;

import dev.quorate.raft.engine.message.Message;
import dev.quorate.raft.testkit.simulation.Fault;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Connections that are going to break in the middle of a message. */
final class Breaks {

  private final Set<Link> atNext = new TreeSet<>();
  private final Map<Link, Integer> atChunk = new TreeMap<>();

  /** The next message of a link breaks its connection. */
  void atNextMessage(Link link) {
    atNext.add(link);
  }

  /** So many parts of a snapshot pass a link, and the one after that breaks its connection. */
  void afterChunks(Link link, int chunks) {
    atChunk.put(link, chunks);
  }

  /** None breaks any more. */
  void clear() {
    atNext.clear();
    atChunk.clear();
  }

  /** What breaks the connection in the middle of this message, if anything does. */
  Optional<Fault> at(Link link, Message message) {
    if (message instanceof Message.SnapshotChunk) {
      Integer left = atChunk.computeIfPresent(link, (same, chunks) -> chunks - 1);
      if (left != null && left < 0) {
        atChunk.remove(link);
        return Optional.of(Fault.CUT_TRANSFER);
      }
    }
    return atNext.remove(link) ? Optional.of(Fault.CONNECTION_RESET) : Optional.empty();
  }
}
