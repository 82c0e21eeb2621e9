package dev.quorate.examples.snapshot;

import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.Snapshot;
import dev.quorate.raft.api.StateMachine;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A state that is larger than the memory: so many pseudo-random numbers, of which only their seed
 * and how many they are is held. Whoever restores it looks at every one of them.
 */
final class BigState implements StateMachine {

  private long seed;
  private long numbers;

  /** A command, and a query's answer. */
  static byte[] bytes(long seed, long numbers) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(seed).putLong(numbers).array();
  }

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    seed = command.getLong();
    numbers = command.getLong();
    return bytes(seed, numbers);
  }

  @Override
  public byte[] query(ByteBuffer query) {
    return bytes(seed, numbers);
  }

  @Override
  public Optional<Snapshot> capture() {
    long capturedSeed = seed;
    long capturedNumbers = numbers;
    return Optional.of(
        out -> {
          DataOutputStream data = new DataOutputStream(out);
          data.writeLong(capturedSeed);
          data.writeLong(capturedNumbers);
          SplittableRandom random = new SplittableRandom(capturedSeed);
          for (long i = 0; i < capturedNumbers; i++) {
            data.writeLong(random.nextLong());
          }
        });
  }

  @Override
  public void restore(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(new BufferedInputStream(in));
    seed = data.readLong();
    numbers = data.readLong();
    SplittableRandom random = new SplittableRandom(seed);
    for (long i = 0; i < numbers; i++) {
      if (data.readLong() != random.nextLong()) {
        throw new IOException("number " + i + " of " + numbers + " is another");
      }
    }
    if (data.read() >= 0) {
      throw new IOException("more than " + numbers + " numbers");
    }
  }
}
