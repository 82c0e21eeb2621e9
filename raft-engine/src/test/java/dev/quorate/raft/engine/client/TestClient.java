package dev.quorate.raft.engine.client;

import dev.quorate.raft.api.Outcome;
import dev.quorate.raft.api.RejectReason;
import dev.quorate.raft.engine.codec.DecodeException;
import dev.quorate.raft.engine.codec.SessionCodec;
import dev.quorate.raft.engine.message.SessionRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** A process with one session, in a {@link Rig}. */
final class TestClient implements Outlet {

  static final long PATIENCE = 100 * Rig.MILLI;

  final TreeMap<Long, String> commands = new TreeMap<>();
  final TreeMap<Long, Outcome> ends = new TreeMap<>();
  boolean closed;
  private final Rig rig;
  private SessionClient client;
  private boolean alive = true;

  private TestClient(Rig rig) {
    this.rig = rig;
  }

  static TestClient open(Rig rig) {
    TestClient process = new TestClient(rig);
    Outcome.Applied opened = rig.open();
    try {
      process.client =
          SessionClient.opened(
              opened.index(),
              SessionCodec.decodeView(opened.result()),
              new Patience(PATIENCE, rig.budget),
              rig.now(),
              process);
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
    process.ring();
    return process;
  }

  static TestClient resume(Rig rig, long id, long nextSequence) {
    TestClient process = new TestClient(rig);
    Patience patience = new Patience(PATIENCE, rig.budget);
    process.client = SessionClient.resumed(id, nextSequence, patience, rig.now(), process);
    process.turn(() -> process.client.onWakeUp(rig.now()));
    return process;
  }

  SessionClient client() {
    return client;
  }

  long submit(String text, long millis) {
    long sequence = client.nextSequence();
    commands.put(sequence, text);
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    turn(() -> client.submit(bytes, rig.now() + millis * Rig.MILLI, rig.now()));
    return sequence;
  }

  void close(long millis) {
    turn(() -> client.close(rig.now() + millis * Rig.MILLI, rig.now()));
  }

  /** The process ends without a word. */
  void crash() {
    alive = false;
  }

  /** The process ends, and says so to whoever waits. */
  void stop() {
    turn(() -> client.stop(RejectReason.CLOSED, "the node is closed"));
  }

  private void turn(Runnable task) {
    if (alive) {
      task.run();
      ring();
    }
  }

  private void ring() {
    long due = client.nextWakeUp();
    if (due != Long.MAX_VALUE) {
      rig.at(due, () -> wake(due));
    }
  }

  private void wake(long due) {
    if (alive && client.nextWakeUp() == due) {
      client.onWakeUp(rig.now());
      if (client.nextWakeUp() == due) {
        throw new AssertionError("it wants to be woken up again at once");
      }
      ring();
    }
  }

  @Override
  public void send(long attempt, SessionRequest request, long deadlineNanos) {
    rig.send(request, deadlineNanos, end -> turn(() -> client.onEnd(attempt, end, rig.now())));
  }

  @Override
  public void end(long sequence, Outcome outcome) {
    if (ends.put(sequence, outcome) != null) {
      throw new AssertionError("command " + sequence + " ends twice");
    }
  }

  @Override
  public void closed() {
    closed = true;
  }
}
