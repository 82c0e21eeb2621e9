package dev.quorate.raft.engine.client;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.codec.ClusterSettingsCodec;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.SessionCodec;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.SessionRequest;
import dev.quorate.raft.engine.session.SessionTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A table of sessions behind a network that loses and delays requests and answers, in virtual time.
 * It keeps to rule P10: an attempt comes to the table once at most, and "rejected" is said only by
 * the table, or of what never comes to it. Leaders refuse commands that end in {@link #INVALID},
 * and some of them those that end in {@link #DOUBTFUL}.
 */
final class Rig {

  static final long MILLI = 1_000_000;
  static final String INVALID = "!";
  static final String DOUBTFUL = "?";
  static final ClusterSettings SETTINGS = new ClusterSettings(1, 10, 4, 1_000, 3_000, false);

  final List<String> applied = new ArrayList<>();
  final SplittableRandom random;
  Drip budget = new Drip(0);
  private final PriorityQueue<Event> agenda =
      new PriorityQueue<>(
          java.util.Comparator.comparingLong(Event::nanos).thenComparingLong(Event::number));
  private final SessionTable table = new SessionTable();
  private long lastIndex;
  private long lastEvent;
  private long nowNanos;
  private boolean calm;
  private boolean refusing;
  private boolean losing;
  int refusals;
  int sent;

  private record Event(long nanos, long number, Runnable task) {}

  /** Hears of an attempt's end. */
  @FunctionalInterface
  interface Answer {
    void end(Outcome outcome);
  }

  Rig(long seed) {
    random = new SplittableRandom(seed);
    try {
      table.applySettings(
          LogEntry.of(
              LogEntry.Type.SETTINGS, ++lastIndex, 1, 0, 0, ClusterSettingsCodec.encode(SETTINGS)));
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  long now() {
    return nowNanos;
  }

  /** Nothing is lost, late or repeated from now on. */
  void calmDown() {
    calm = true;
  }

  void at(long nanos, Runnable task) {
    agenda.add(new Event(Math.max(nanos, nowNanos), ++lastEvent, task));
  }

  void after(long nanos, Runnable task) {
    at(nowNanos + nanos, task);
  }

  /** Lets everything happen that is due until then. */
  void runUntil(long nanos) {
    while (!agenda.isEmpty() && agenda.peek().nanos() <= nanos) {
      Event next = agenda.poll();
      nowNanos = next.nanos();
      next.task().run();
    }
    nowNanos = nanos;
  }

  /** A node takes a request; its answer comes by the deadline at the latest. */
  void send(SessionRequest request, long deadlineNanos, Answer answer) {
    sent++;
    boolean[] ended = new boolean[1];
    Answer once =
        outcome -> {
          if (!ended[0]) {
            ended[0] = true;
            answer.end(outcome);
          }
        };
    if (losing) {
      after(MILLI, () -> once.end(new Outcome.Unknown("the leader is gone")));
      return;
    }
    int luck = calm ? 100 : random.nextInt(100);
    if (luck < 8) {
      after(
          random.nextLong(20 * MILLI),
          () -> once.end(new Outcome.Rejected(RejectReason.NO_LEADER, "no leader")));
      return;
    }
    if (luck >= 14) {
      deliver(request, luck < 22 ? outcome -> {} : once);
    }
    if (luck < 26) {
      after(random.nextLong(50 * MILLI), () -> once.end(new Outcome.Unknown("the leader is gone")));
    }
    at(deadlineNanos, () -> once.end(new Outcome.Unknown("the deadline passed")));
  }

  private void deliver(SessionRequest request, Answer answer) {
    ByteBuffer encoded = SessionCodec.encode(request);
    long delay = calm || random.nextInt(10) > 0 ? 5 * MILLI : 800 * MILLI;
    after(
        random.nextLong(delay),
        () -> {
          Outcome outcome =
              isRefused(request)
                  ? new Outcome.Rejected(RejectReason.INVALID, "it makes no sense")
                  : apply(encoded);
          after(random.nextLong(5 * MILLI), () -> answer.end(outcome));
        });
  }

  /** Whether whatever is sent is lost with the leader. */
  void loseAll(boolean value) {
    losing = value;
  }

  /** Whether leaders refuse whatever comes. */
  void refuseAll(boolean value) {
    refusing = value;
  }

  private boolean isRefused(SessionRequest request) {
    refusals += refusing ? 1 : 0;
    return refusing || isSenseless(request);
  }

  private boolean isSenseless(SessionRequest request) {
    if (request instanceof SessionRequest.Command within) {
      String text = text(within.command());
      return text.endsWith(INVALID) || text.endsWith(DOUBTFUL) && random.nextBoolean();
    }
    return false;
  }

  private static String text(ByteBuffer command) {
    return StandardCharsets.UTF_8.decode(command.duplicate()).toString();
  }

  private Outcome apply(ByteBuffer encoded) {
    LogEntry entry =
        LogEntry.of(LogEntry.Type.SESSION, ++lastIndex, 1, nowNanos / MILLI, 0, encoded);
    try {
      return table.apply(
          entry,
          command -> {
            applied.add(text(command));
            return new byte[] {(byte) applied.size()};
          });
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  /** Opens a session on a calm network. */
  Outcome.Applied open() {
    return (Outcome.Applied) apply(SessionCodec.encode(new SessionRequest.Open()));
  }

  int sessions() {
    return table.size();
  }
}
