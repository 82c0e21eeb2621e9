package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.storage.LogEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the committed log amounts to: which command each entry has the state machine apply, and with
 * which result. Every node has to come to the same.
 */
public final class Reference {

  private final Ledger ledger;
  private final StateMachine machine;
  private final SessionModel sessions = new SessionModel();
  private final List<Optional<Applied>> byIndex = new ArrayList<>();
  private final Map<Place, Applied> byPlace = new HashMap<>();

  /** A place in a session. */
  public record Place(long session, long sequence) {}

  /** What an entry brought about. */
  record Applied(LogEntry entry, ByteBuffer command, byte[] result) {

    /** What its caller is told. */
    Outcome.Applied outcome() {
      return new Outcome.Applied(entry.index(), result);
    }

    /** Lets another state machine apply the same. */
    byte[] by(StateMachine other) {
      return other.apply(context(entry), command.duplicate());
    }
  }

  /**
   * The reference for a run.
   *
   * @param machine an empty state machine
   */
  public Reference(Ledger ledger, StateMachine machine) {
    this.ledger = ledger;
    this.machine = machine;
  }

  /** What was ever committed. */
  public Ledger ledger() {
    return ledger;
  }

  /** What the committed entry at an index has the state machine apply, if anything. */
  Optional<Applied> at(long index) {
    while (byIndex.size() < index) {
      byIndex.add(next(ledger.at(byIndex.size() + 1L)));
    }
    return byIndex.get((int) index - 1);
  }

  /** What is applied for a place in a session, if anything; see {@link #places}. */
  Optional<Applied> at(Place place) {
    return Optional.ofNullable(byPlace.get(place));
  }

  /** All places in sessions for which something is applied, as of the last committed entry. */
  public Set<Place> places() {
    catchUp();
    return byPlace.keySet();
  }

  private void catchUp() {
    if (ledger.lastIndex() > 0) {
      at(ledger.lastIndex());
    }
  }

  /** The sessions that are open and what is kept of each, as of the last committed entry. */
  public List<SessionModel.Open> sessions() {
    catchUp();
    return sessions.open();
  }

  /** The command that was applied for a place in a session. */
  public byte[] command(Place place) {
    ByteBuffer command = byPlace.get(place).command().duplicate();
    byte[] bytes = new byte[command.remaining()];
    command.get(bytes);
    return bytes;
  }

  /** All commands that are applied, as of the last committed entry. */
  Set<ByteBuffer> commands() {
    Set<ByteBuffer> commands = new HashSet<>();
    for (long index = 1; index <= ledger.lastIndex(); index++) {
      at(index).ifPresent(applied -> commands.add(applied.command()));
    }
    return commands;
  }

  private Optional<Applied> next(LogEntry entry) {
    Optional<SessionModel.Numbered> numbered = sessions.next(entry);
    if (numbered.isPresent()) {
      SessionModel.Numbered in = numbered.get();
      Applied applied = apply(entry, in.command());
      sessions.kept(in, applied.result.length);
      byPlace.put(new Place(in.session(), in.sequence()), applied);
      return Optional.of(applied);
    }
    return entry.type() == LogEntry.Type.COMMAND
        ? Optional.of(apply(entry, entry.payload()))
        : Optional.empty();
  }

  private Applied apply(LogEntry entry, ByteBuffer command) {
    ByteBuffer kept = command.duplicate();
    return new Applied(entry, kept, machine.apply(context(entry), kept.duplicate()));
  }

  private static ApplyContext context(LogEntry entry) {
    return new ApplyContext(
        entry.index(), entry.term(), entry.wallTimeMillis(), entry.clusterTimeMillis());
  }
}
