package dev.quorate.raft.engine.core;

import dev.quorate.raft.api.PeerStatus;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.api.storage.SnapshotId;
import dev.quorate.raft.engine.message.Holder;
import dev.quorate.raft.engine.message.Member;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * How far a peer is, as its leader sees it. All transitions are here.
 *
 * <pre>
 * PROBING       one request at a time, repeated, until one is accepted
 *   | accepted                         ^ rejected, lost, or the peer restarted
 *   v                                  |
 * PIPELINING    next runs ahead of match, up to the bound on bytes in flight
 *
 * PROBING, PIPELINING
 *   | next is before the log's beginning
 *   v
 * SNAPSHOTTING  no entries; the peer is offered a snapshot again and again, and fetches it
 *   | accepted up to the snapshot: PIPELINING
 *   | no progress for a while, the peer restarted, or has enough without it: PROBING
 * </pre>
 *
 * <p>Invariant: {@code 0 <= match < next}; while probing {@code next} is the guess under test,
 * while snapshotting the index behind the snapshot, and only then there is one.
 */
final class Progress {

  /**
   * How much patience may grow, in multiples of what it begins with: enough for the longest request
   * on a link of 2 Mbit/s, and not so much that a healed peer waits for seconds.
   */
  private static final int MAX_PATIENCE = 4;

  /** How long a fetch of a snapshot may be at one place, in multiples of an election timeout. */
  private static final int SNAPSHOT_PATIENCE = 10;

  private final Member member;
  private final long maxInFlightBytes;
  private final long basePatienceNanos;
  private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
  private final Contact contact = new Contact();
  private PeerStatus.State state = PeerStatus.State.PROBING;
  private long match;
  private long next;
  private long boot;
  private long inFlightBytes;
  private boolean probeUnderWay;
  private long probeSentNanos;
  private long lastResponseNanos;
  private long ackedRound;
  private long commitSent;
  private long received;
  private long receivedNanos;
  private long patienceNanos;
  private boolean hasSpace = true;
  private long readToken;
  private List<LogEntry> readEntries = List.of();

  private Optional<Offer> offer = Optional.empty();
  private Optional<SnapshotId> stalledSnapshot = Optional.empty();
  private Optional<SnapshotId> fetched = Optional.empty();
  private long snapshotBytes;
  private long snapshotProgressNanos;
  private long offeredNanos;

  /**
   * A snapshot that the peer is to fetch, and from whom.
   *
   * @param insists whether it is to give up another one of which it has a part
   */
  record Offer(SnapshotId id, Holder holder, boolean insists) {}

  private record InFlight(long lastIndex, long bytes, long sentNanos) {}

  /** A peer of which nothing is known, to be probed from {@code next}. */
  Progress(Member member, long next, CoreSettings settings, Time now) {
    this.member = member;
    this.next = next;
    this.maxInFlightBytes = settings.maxInFlightBytes();
    this.basePatienceNanos = settings.electionMinNanos();
    this.patienceNanos = basePatienceNanos;
    this.lastResponseNanos = now.nanos();
  }

  Member member() {
    return member;
  }

  PeerStatus.State state() {
    return state;
  }

  /** What its answers say about time. */
  Contact contact() {
    return contact;
  }

  /** The peer's boot, as of its last answer; 0 before the first. */
  long boot() {
    return boot;
  }

  /** The highest index that is durable there and equal to the leader's log. */
  long match() {
    return match;
  }

  /** How many bytes of entries are on their way there. */
  long inFlightBytes() {
    return inFlightBytes;
  }

  /** The index of the next entry to send. */
  long next() {
    return next;
  }

  /** The highest round of this term that the peer has answered. */
  long ackedRound() {
    return ackedRound;
  }

  /** The highest commit index that was sent. */
  long commitSent() {
    return commitSent;
  }

  void sentCommit(long index) {
    commitSent = Math.max(commitSent, index);
  }

  /** Whether the peer has answered anything since then. */
  boolean activeSince(long nanos) {
    return lastResponseNanos - nanos >= 0;
  }

  /** An answer of this term came; a new boot has lost what was under way to the old one. */
  void responded(long peerBoot, Time now) {
    lastResponseNanos = now.nanos();
    if (boot != peerBoot) {
      if (boot != 0) {
        probeFrom(match + 1);
        received = match;
      }
      boot = peerBoot;
    }
  }

  /** The peer's host answered what was sent then, in that boot, on the peer's behalf. */
  void heard(long peerBoot, long sentNanos) {
    if (boot == peerBoot && sentNanos - lastResponseNanos > 0) {
      lastResponseNanos = sentNanos;
    }
  }

  /** Whether the peer's disk has room for commands, as far as it has said (rule P5). */
  boolean hasSpace() {
    return hasSpace;
  }

  /** The peer said so. When its space ends, it leaves out what is under way to it. */
  void space(boolean present) {
    if (hasSpace && !present && offer.isEmpty()) {
      probeFrom(state == PeerStatus.State.PIPELINING ? match + 1 : next);
    }
    hasSpace = present;
  }

  /** The peer has left out what was behind that index, which it has acknowledged. */
  void cutAt(long index) {
    if (index == match && offer.isEmpty()) {
      probeFrom(match + 1);
    }
  }

  /** Whether another request may be sent now. */
  boolean mayAppend() {
    return switch (state) {
      case PROBING -> !probeUnderWay;
      case PIPELINING -> inFlightBytes < maxInFlightBytes;
      case SNAPSHOTTING -> false;
    };
  }

  /** A request with entries up to {@code lastIndex} (or none, then {@code next - 1}) was sent. */
  void appended(long lastIndex, long bytes, Time now) {
    if (state == PeerStatus.State.PROBING) {
      probeUnderWay = true;
      probeSentNanos = now.nanos();
    } else {
      next = lastIndex + 1;
      inFlight.add(new InFlight(lastIndex, bytes, now.nanos()));
      inFlightBytes += bytes;
    }
    if (!readEntries.isEmpty() && readEntries.get(0).index() <= lastIndex) {
      long used = lastIndex + 1 - readEntries.get(0).index();
      readEntries =
          readEntries.subList((int) Math.min(used, readEntries.size()), readEntries.size());
    }
  }

  /** The peer's log is durable and equal up to an index. */
  void accepted(long index, Time now) {
    match = Math.max(match, index);
    while (!inFlight.isEmpty() && inFlight.peek().lastIndex <= match) {
      InFlight done = inFlight.poll();
      inFlightBytes -= done.bytes;
      if (now.nanos() - done.sentNanos < patienceNanos / 4) {
        patienceNanos = Math.max(basePatienceNanos, patienceNanos / 2);
      }
    }
    if (next <= match) {
      next = match + 1;
    }
    if (state != PeerStatus.State.PIPELINING && match >= next - 1) {
      state = PeerStatus.State.PIPELINING;
      probeUnderWay = false;
      if (snapshotBytes > 0) {
        fetched = offer.map(Offer::id).or(() -> fetched);
      }
      offer = Optional.empty();
    }
  }

  /**
   * Whether a rejection of that request is not a late repetition. One of the request behind what
   * has matched since is no news of the peer's log, but the request is lost: it came before those
   * that it goes on from.
   */
  boolean rejectionIsNew(long prevIndex) {
    return switch (state) {
      case PROBING -> prevIndex > match && prevIndex == next - 1;
      case PIPELINING -> prevIndex > match || prevIndex == match && !inFlight.isEmpty();
      case SNAPSHOTTING -> false;
    };
  }

  /** Goes back to probing, from the given index but never below what matches. */
  void probeFrom(long index) {
    state = PeerStatus.State.PROBING;
    next = Math.max(match + 1, index);
    offer = Optional.empty();
    forgetUnderWay();
  }

  private void forgetUnderWay() {
    probeUnderWay = false;
    inFlight.clear();
    inFlightBytes = 0;
    readToken = 0;
    readEntries = List.of();
  }

  /** The peer needs a snapshot, which is to be offered to it from now on. */
  void sendSnapshot(SnapshotId id, Holder holder, Time now) {
    if (id.index() <= match) {
      throw new InvariantViolation(id + " for a peer that has everything up to " + match);
    }
    state = PeerStatus.State.SNAPSHOTTING;
    offer = Optional.of(new Offer(id, holder, false));
    next = id.index() + 1;
    snapshotBytes = 0;
    snapshotProgressNanos = now.nanos();
    offeredNanos = now.nanos() - basePatienceNanos;
    forgetUnderWay();
  }

  /** The peer is to fetch the snapshot that it is offered and no other. */
  void insist() {
    offer = offer.map(mild -> new Offer(mild.id, mild.holder, true));
  }

  /** The snapshot that the peer is to fetch, while it is to fetch one. */
  Optional<Offer> offer() {
    return offer;
  }

  /** The offer, if it is to be made now, for the first time or again. */
  Optional<Offer> takeOffer(Time now) {
    if (offer.isEmpty() || now.nanos() - offeredNanos < basePatienceNanos) {
      return Optional.empty();
    }
    offeredNanos = now.nanos();
    return offer;
  }

  /** The peer has so many bytes of a snapshot. */
  void snapshotReceived(SnapshotId id, long bytes, Time now) {
    if (offer.filter(made -> made.id.equals(id)).isPresent() && bytes > snapshotBytes) {
      snapshotBytes = bytes;
      snapshotProgressNanos = now.nanos();
    }
  }

  /**
   * Gives the snapshot up, to be probed from an index, if the peer has not come further with it for
   * long: its fetch, or the word that it is done, may be lost with whoever was to send it.
   */
  void giveUpStalledSnapshot(long probeIndex, Time now) {
    if (offer.isPresent()
        && now.nanos() - snapshotProgressNanos >= SNAPSHOT_PATIENCE * basePatienceNanos) {
      stalledSnapshot = Optional.of(offer.get().id);
      probeFrom(probeIndex);
    }
  }

  /** The snapshot that the peer fetched last to its end, and therefore has, unless it is old. */
  Optional<SnapshotId> fetched() {
    return fetched;
  }

  /** It turns out that the peer does not have that snapshot any more. */
  void lacks(SnapshotId id) {
    fetched = fetched.filter(had -> !had.equals(id));
  }

  /** The snapshot that was given up last. */
  Optional<SnapshotId> stalledSnapshot() {
    return stalledSnapshot;
  }

  /**
   * A heartbeat was answered: tells from it whether requests were lost. A request lost in the
   * middle is told by the rejection of the next one, so that this is about the last ones before a
   * silence: nothing more has arrived for a while. On a slow link the oldest request merely waits
   * its turn, and heartbeats overtake it; patience that proved too short is doubled, and shrinks
   * again when answers come soon.
   *
   * @param answeredIndex how far the peer's log equals the leader's, durable or not
   */
  void heartbeatAnswered(long round, long answeredIndex, Time now) {
    ackedRound = Math.max(ackedRound, round);
    if (answeredIndex > received) {
      received = answeredIndex;
      receivedNanos = now.nanos();
    }
    boolean pipelining = state == PeerStatus.State.PIPELINING;
    if (pipelining ? !inFlight.isEmpty() && received < inFlight.peek().lastIndex : probeUnderWay) {
      long sentNanos = pipelining ? inFlight.peek().sentNanos : probeSentNanos;
      long waited = now.nanos() - (receivedNanos - sentNanos > 0 ? receivedNanos : sentNanos);
      if (waited >= patienceNanos) {
        patienceNanos = Math.min(2 * patienceNanos, MAX_PATIENCE * basePatienceNanos);
        probeFrom(pipelining ? match + 1 : next);
      }
    }
  }

  /** Whether a read of the log for this peer is under way. */
  boolean isReading() {
    return readToken != 0;
  }

  void reading(long token) {
    readToken = token;
  }

  /** Takes what was read, unless the peer has moved on since. */
  void read(long token, List<LogEntry> entries) {
    if (token == readToken) {
      readToken = 0;
      readEntries = entries;
    }
  }

  /** Entries from {@code next} on that were read from the disk for this peer, or none. */
  List<LogEntry> readEntries() {
    return !readEntries.isEmpty() && readEntries.get(0).index() == next ? readEntries : List.of();
  }

  PeerStatus status(boolean voter, long activeSinceNanos) {
    return new PeerStatus(
        member.id(),
        voter,
        match,
        next,
        state,
        activeSince(activeSinceNanos),
        offer.isPresent() ? snapshotBytes : 0,
        offer.map(made -> made.id.length()).orElse(0L));
  }
}
