package dev.quorate.simulation;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Accounts whose snapshot is long enough that much can happen while it is fetched. */
final class HeavyAccounts implements StateMachine {

  private static final int WEIGHT = 48 * 1024;

  private final Accounts accounts = new Accounts();

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    return accounts.apply(context, command);
  }

  @Override
  public byte[] query(ByteBuffer query) {
    return accounts.query(query);
  }

  @Override
  public Optional<Snapshot> capture() {
    return accounts
        .capture()
        .map(
            light ->
                out -> {
                  light.writeTo(out);
                  out.write(new byte[WEIGHT]);
                });
  }

  @Override
  public void restore(InputStream in) throws IOException {
    accounts.restore(in);
    in.skipNBytes(WEIGHT);
  }
}
