package dev.quorate.raft.testkit.internal.network;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Links that carry only so many bytes a second, behind a queue that takes only so many. What is
 * urgent goes before all bulk that waits, as it does in a transport with a queue for each lane.
 */
final class NarrowLinks {

  private static final long SECOND = 1_000_000_000;

  private final Map<Link, Narrow> links = new TreeMap<>();

  private static final class Narrow {
    private final long bytesPerSecond;
    private final long queueBytes;
    private long urgentFreeAt;
    private long freeAt;

    private Narrow(long bytesPerSecond, long queueBytes) {
      this.bytesPerSecond = bytesPerSecond;
      this.queueBytes = queueBytes;
    }

    private long nanos(long bytes) {
      return bytes * SECOND / bytesPerSecond;
    }

    private OptionalLong pass(boolean bulk, int bytes, long now) {
      long begin = Math.max(now, bulk ? freeAt : urgentFreeAt);
      if (begin - now > nanos(queueBytes)) {
        return OptionalLong.empty();
      }
      long end = begin + nanos(bytes);
      if (!bulk) {
        urgentFreeAt = end;
      }
      freeAt = Math.max(now, freeAt) + nanos(bytes);
      return OptionalLong.of(end - now);
    }
  }

  /** From now on a link is that narrow. */
  void narrow(Link link, long bytesPerSecond, long queueBytes) {
    links.put(link, new Narrow(bytesPerSecond, queueBytes));
  }

  /** All links are wide again. */
  void widen() {
    links.clear();
  }

  /** How long a frame takes to leave; empty if there is no room for it in the queue. */
  OptionalLong pass(Link link, boolean bulk, int bytes, long now) {
    Narrow narrow = links.get(link);
    return narrow == null ? OptionalLong.of(0) : narrow.pass(bulk, bytes, now);
  }
}
