package dev.quorate.raft.engine.routing;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.engine.message.ClientMessage.News;
import java.util.Optional;
import java.util.TreeMap;

/** A link of the client to a node, and what is on its way there. */
final class Route {

  final long link;
  final Address address;

  /** When it must serve at the latest. */
  final long serveByNanos;

  /** What the node said last; nothing before it serves. */
  Optional<News> news = Optional.empty();

  /** Whether the node has said that it is of no use. */
  boolean unfit;

  /** Not answered yet, even if their callers were told an end: the node counts them. */
  private final TreeMap<Long, Pending> inFlight = new TreeMap<>();

  private long inFlightBytes;

  Route(long link, Address address, long serveByNanos) {
    this.link = link;
    this.address = address;
    this.serveByNanos = serveByNanos;
  }

  /** Whether the node serves this client. */
  boolean serves() {
    return news.isPresent() && !unfit;
  }

  /** Whether the node says that it leads. */
  boolean isLeaders() {
    return news.isPresent() && news.get().leader().equals(Optional.of(news.get().node()));
  }

  /** Whether the node lets the client have one more call under way; always one at least. */
  boolean hasRoomFor(int bytes) {
    News limits = news.orElseThrow();
    return inFlight.isEmpty()
        || inFlight.size() < limits.maxCalls() && inFlightBytes + bytes <= limits.maxBytes();
  }

  boolean isIdle() {
    return inFlight.isEmpty();
  }

  void sent(Pending call) {
    inFlight.put(call.number(), call);
    inFlightBytes += call.bytes();
  }

  /** The call of that number is not under way any more. */
  Optional<Pending> done(long number) {
    Optional<Pending> call = Optional.ofNullable(inFlight.remove(number));
    call.ifPresent(done -> inFlightBytes -= done.bytes());
    return call;
  }

  /** Takes all calls out. */
  TreeMap<Long, Pending> drain() {
    TreeMap<Long, Pending> all = new TreeMap<>(inFlight);
    inFlight.clear();
    inFlightBytes = 0;
    return all;
  }
}
