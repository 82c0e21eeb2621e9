package dev.quorate.simulation;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.testkit.simulation.Workload;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A few accounts, between which amounts are moved: every result depends on everything before, so
 * that a command that is lost, doubled or out of order shows.
 */
final class Accounts implements StateMachine {

  private static final int COUNT = 8;

  /** What happened last: enough that a snapshot takes several messages. */
  private static final int JOURNAL = 1024;

  private static final int USUAL_PADDING = 200;

  private final long[] balances = new long[COUNT];
  private final long[] journal = new long[JOURNAL];
  private long fingerprint;

  /**
   * Moves, looks at balances, and now and then the shortest and the longest command there is.
   *
   * @param careless whether some commands name accounts that do not exist
   * @param longest how long a command may be
   * @param large whether a fifth of all commands are that long
   */
  record Moves(boolean careless, int longest, boolean large) implements Workload {

    private static final int SHORTEST = 0;
    private static final int LONGEST = 1;
    private static final int LAST_WRONG = 9;
    private static final int FIRST_LARGE = 80;

    Moves(boolean careless) {
      this(careless, Campaign.MAX_COMMAND_BYTES, false);
    }

    /** The same with large commands besides. */
    Moves upTo(int bytes) {
      return new Moves(careless, bytes, true);
    }

    @Override
    public byte[] command(RandomGenerator random) {
      int odd = random.nextInt(100);
      if (odd == SHORTEST) {
        return new byte[0];
      }
      boolean isLong = odd == LONGEST || large && odd >= FIRST_LARGE;
      int padding = isLong ? longest - 3 * Long.BYTES : random.nextInt(USUAL_PADDING);
      ByteBuffer command = ByteBuffer.allocate(3 * Long.BYTES + padding);
      command.putLong(random.nextLong());
      boolean wrong = careless && odd > LONGEST && odd <= LAST_WRONG;
      command.putInt(random.nextInt(COUNT)).putInt(random.nextInt(COUNT) + (wrong ? COUNT : 0));
      return command.putLong(random.nextLong(1_000)).array();
    }

    @Override
    public byte[] query(RandomGenerator random) {
      return new byte[] {(byte) random.nextInt(COUNT)};
    }
  }

  /** What leaves an account is in another one. */
  boolean isBalanced() {
    return Arrays.stream(balances).sum() == 0;
  }

  @Override
  public Optional<String> validate(ByteBuffer command) {
    if (!command.hasRemaining()) {
      return Optional.empty();
    }
    command.getLong();
    int from = command.getInt();
    int to = command.getInt();
    return isThere(from) && isThere(to)
        ? Optional.empty()
        : Optional.of("from " + from + " to " + to + ", but there are " + COUNT + " accounts");
  }

  private static boolean isThere(int account) {
    return 0 <= account && account < COUNT;
  }

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    if (!command.hasRemaining()) {
      note(context, fingerprint + 1);
      return answer(0);
    }
    note(context, fingerprint * 31 + command.getLong());
    int from = Math.floorMod(command.getInt(), COUNT);
    int to = Math.floorMod(command.getInt(), COUNT);
    long amount = command.getLong();
    balances[from] -= amount;
    balances[to] += amount;
    return answer(to);
  }

  @Override
  public byte[] query(ByteBuffer query) {
    return answer(query.get());
  }

  @Override
  public Optional<Snapshot> capture() {
    ByteBuffer state = ByteBuffer.allocate((COUNT + JOURNAL + 1) * Long.BYTES);
    state.putLong(fingerprint);
    for (long balance : balances) {
      state.putLong(balance);
    }
    for (long past : journal) {
      state.putLong(past);
    }
    return Optional.of(out -> out.write(state.array()));
  }

  @Override
  public void restore(InputStream in) throws IOException {
    DataInputStream state = new DataInputStream(in);
    fingerprint = state.readLong();
    for (int account = 0; account < COUNT; account++) {
      balances[account] = state.readLong();
    }
    for (int i = 0; i < JOURNAL; i++) {
      journal[i] = state.readLong();
    }
  }

  private void note(ApplyContext context, long next) {
    fingerprint = next;
    journal[(int) (context.index() % JOURNAL)] = next;
  }

  private byte[] answer(int account) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(balances[account])
        .putLong(fingerprint)
        .array();
  }
}
