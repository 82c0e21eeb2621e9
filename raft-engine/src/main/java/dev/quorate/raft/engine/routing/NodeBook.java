package dev.quorate.raft.engine.routing;

import dev.quorate.raft.api.Address;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.engine.message.ClientMessage.News;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Where nodes are, who of them leads, and which of them it is no use to try for a while. The
 * addresses that the client was given are tried for ever, because the members may all be replaced
 * while it is cut off.
 */
final class NodeBook {

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long FIRST_PAUSE_NANOS = 20 * NANOS_PER_MILLI;
  private static final long MAX_PAUSE_NANOS = 1_000 * NANOS_PER_MILLI;

  private final List<Address> given;
  private final RandomGenerator random;
  private final LinkedHashMap<Address, Attempts> attempts = new LinkedHashMap<>();
  private final TreeMap<NodeId, Address> members = new TreeMap<>();
  private long membersVersion = -1;
  private long leaderTerm = -1;
  private Optional<NodeId> leader = Optional.empty();

  /** What became of the attempts to reach an address. */
  private static final class Attempts {
    private int failures;
    private long notBeforeNanos = Long.MIN_VALUE;
    private long lastNumber;
  }

  private long lastNumber;

  NodeBook(List<Address> given, RandomGenerator random) {
    this.given = List.copyOf(given);
    this.random = random;
  }

  /** A node told what it knows. */
  void learn(News news) {
    if (news.version() > membersVersion && !news.members().isEmpty()) {
      membersVersion = news.version();
      members.clear();
      news.members().forEach(place -> members.put(place.node(), place.address()));
      attempts.keySet().retainAll(all());
    }
    if (news.term() > leaderTerm || news.term() == leaderTerm && leader.isEmpty()) {
      leaderTerm = news.term();
      leader = news.leader();
    }
  }

  /** The node that leads the latest term that is known, if it is known. */
  Optional<NodeId> leader() {
    return leader;
  }

  /** The address of a leader, if it is known and may be tried. */
  Optional<Address> leaderAddress(long nowNanos) {
    return leader.map(members::get).filter(address -> nowNanos - notBefore(address, nowNanos) >= 0);
  }

  /**
   * The address to try next: the leader's, or the one that was not tried for longest.
   *
   * @param except not this one
   */
  Optional<Address> next(Optional<Address> except, long nowNanos) {
    Optional<Address> best = leaderAddress(nowNanos).filter(it -> !except.equals(Optional.of(it)));
    if (best.isPresent()) {
      return best;
    }
    long bestNumber = Long.MAX_VALUE;
    for (Address address : all()) {
      Attempts made = attempts.get(address);
      long number = made == null ? 0 : made.lastNumber;
      if (number < bestNumber
          && nowNanos - notBefore(address, nowNanos) >= 0
          && !except.equals(Optional.of(address))) {
        best = Optional.of(address);
        bestNumber = number;
      }
    }
    return best;
  }

  /** When the first of the addresses may be tried that may not now. */
  long nextDueNanos(long nowNanos) {
    long due = Long.MAX_VALUE;
    for (Attempts made : attempts.values()) {
      if (made.notBeforeNanos != Long.MIN_VALUE && made.notBeforeNanos - nowNanos > 0) {
        due = Math.min(due, made.notBeforeNanos);
      }
    }
    return due;
  }

  /** An attempt at an address begins. */
  void trying(Address address) {
    attempts.computeIfAbsent(address, a -> new Attempts()).lastNumber = ++lastNumber;
  }

  /** An attempt succeeded. */
  void reached(Address address) {
    of(address).failures = 0;
  }

  /** It is no use to try an address again at once; less and less, the more often that is so. */
  void avoid(Address address, long nowNanos) {
    Attempts made = of(address);
    long pause = Math.min(MAX_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(made.failures, 10));
    made.failures++;
    made.notBeforeNanos = nowNanos + pause / 2 + random.nextLong(pause / 2 + 1);
  }

  /** An address is of no use before something changes there. */
  void avoidLong(Address address, long nowNanos) {
    of(address).notBeforeNanos = nowNanos + MAX_PAUSE_NANOS;
  }

  private Attempts of(Address address) {
    return attempts.computeIfAbsent(address, a -> new Attempts());
  }

  private long notBefore(Address address, long nowNanos) {
    Attempts made = attempts.get(address);
    return made == null || made.notBeforeNanos == Long.MIN_VALUE ? nowNanos : made.notBeforeNanos;
  }

  private Set<Address> all() {
    Set<Address> all = new LinkedHashSet<>(members.values());
    all.addAll(given);
    return all;
  }
}
