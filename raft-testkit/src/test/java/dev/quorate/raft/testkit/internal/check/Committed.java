package dev.quorate.raft.testkit.internal.check;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.NodeId;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.api.storage.LogEntry;
import dev.quorate.raft.engine.codec.ClusterSettingsCodec;
import dev.quorate.raft.engine.codec.SessionCodec;
import dev.quorate.raft.engine.message.ClusterSettings;
import dev.quorate.raft.engine.message.SessionRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A log that a test commits, of commands that add their one byte to a sum. */
final class Committed {

  static final NodeId N1 = NodeId.of("n1");

  private final Ledger ledger = new Ledger();
  private final List<LogEntry> log = new ArrayList<>();
  private final Reference reference = new Reference(ledger, new Sum());

  /** A result and an answer is the sum; 13 is refused. */
  static class Sum implements StateMachine {
    private byte sum;

    @Override
    public Optional<String> validate(ByteBuffer command) {
      return command.get(0) == 13 ? Optional.of("unlucky") : Optional.empty();
    }

    @Override
    public byte[] apply(ApplyContext context, ByteBuffer command) {
      sum += command.get();
      return bytes(sum);
    }

    @Override
    public byte[] query(ByteBuffer query) {
      return bytes(sum);
    }

    @Override
    public Optional<Snapshot> capture() {
      byte state = sum;
      return Optional.of(out -> out.write(state));
    }

    @Override
    public void restore(InputStream in) throws IOException {
      sum = (byte) in.read();
    }
  }

  static byte[] bytes(int value) {
    return new byte[] {(byte) value};
  }

  Reference reference() {
    return reference;
  }

  /** Commits commands. */
  Committed commands(int... values) {
    for (int value : values) {
      add(LogEntry.Type.COMMAND, ByteBuffer.wrap(bytes(value)));
    }
    return this;
  }

  /** Commits what sessions need, and a session; its id is 2. */
  Committed session() {
    ClusterSettings settings = new ClusterSettings(1, 3, 10, 1_000, 1_000, false);
    add(LogEntry.Type.SETTINGS, ClusterSettingsCodec.encode(settings));
    add(LogEntry.Type.SESSION, SessionCodec.encode(new SessionRequest.Open()));
    return this;
  }

  /** Commits a command in that session. */
  Committed numbered(long sequence, int value) {
    SessionRequest request =
        new SessionRequest.Command(2, sequence, 0, ByteBuffer.wrap(bytes(value)));
    add(LogEntry.Type.SESSION, SessionCodec.encode(request));
    return this;
  }

  private void add(LogEntry.Type type, ByteBuffer payload) {
    log.add(LogEntry.of(type, log.size() + 1L, 1, 0, 0, payload));
    ledger.commits(N1, 1, log.size(), log.size(), log);
  }

  /** Where the state machine is given the command at an index. */
  static ApplyContext at(long index) {
    return new ApplyContext(index, 1, 0, 0);
  }
}
