package dev.quorate.raft.tools;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A state machine that remembers the commands, a line each. */
public final class Journal implements StateMachine {

  private final StringBuilder lines = new StringBuilder();

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    lines.append(StandardCharsets.UTF_8.decode(command)).append('\n');
    return new byte[0];
  }

  @Override
  public byte[] query(ByteBuffer query) {
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Optional<Snapshot> capture() {
    byte[] all = lines.toString().getBytes(StandardCharsets.UTF_8);
    return Optional.of(out -> out.write(all));
  }

  @Override
  public void restore(InputStream in) throws IOException {
    lines.setLength(0);
    lines.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }
}
