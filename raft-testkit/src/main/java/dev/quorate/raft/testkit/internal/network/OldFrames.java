package dev.quorate.raft.testkit.internal.network;

import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.testkit.internal.trace.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Some of the frames that were sent to each machine, of all ages. */
final class OldFrames {

  private static final int KEPT = 200;

  private final RandomGenerator random;
  private final Map<NodeId, List<Sent>> frames = new TreeMap<>();
  private boolean keep;

  /** A frame and its bytes. */
  record Sent(Frame frame, ByteBuffer bytes) {}

  OldFrames(RandomGenerator random) {
    this.random = random;
  }

  void keep(boolean now) {
    keep = now;
  }

  /** A frame is sent; it may take the place of another. */
  void sent(Frame frame, ByteBuffer bytes) {
    if (!keep) {
      return;
    }
    List<Sent> kept = frames.computeIfAbsent(frame.to(), id -> new ArrayList<>());
    Sent sent = new Sent(frame, bytes);
    if (kept.size() < KEPT) {
      kept.add(sent);
    } else {
      kept.set(random.nextInt(KEPT), sent);
    }
  }

  /** Any of the frames that were sent to a machine. */
  List<Sent> some(NodeId to, RandomGenerator source) {
    List<Sent> chosen = new ArrayList<>();
    for (Sent sent : frames.getOrDefault(to, List.of())) {
      if (source.nextInt(4) == 0) {
        chosen.add(sent);
      }
    }
    return chosen;
  }
}
