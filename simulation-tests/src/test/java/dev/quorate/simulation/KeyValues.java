package dev.quorate.simulation;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.testkit.Simulation;
import dev.quorate.raft.testkit.simulation.Interpretation;
import dev.quorate.raft.testkit.simulation.Workload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Calls of a key-value store. Few keys, so that commands and queries of several callers meet, and
 * many snapshots. What callers see is judged by a model as well.
 */
final class KeyValues implements Workload, Interpretation<KeyValueModel.Input, Optional<String>> {

  private static final int KEYS = 16;
  private static final byte PUT = 1;

  private KeyValues() {}

  static Simulation simulation(Supplier<StateMachine> stores, long seed) {
    KeyValues calls = new KeyValues();
    return Simulation.of(stores, calls)
        .nodes(5)
        .setting("raft.snapshot.after-entries", "20")
        .setting("raft.snapshot.tail-entries", "5")
        .linearizable(new KeyValueModel(), calls)
        .seed(seed);
  }

  @Override
  public byte[] command(RandomGenerator random) {
    return random.nextInt(4) == 0
        ? KeyValueStore.remove(key(random))
        : KeyValueStore.put(key(random), "value " + random.nextLong());
  }

  @Override
  public byte[] query(RandomGenerator random) {
    return KeyValueStore.get(key(random));
  }

  private static String key(RandomGenerator random) {
    return "key " + random.nextInt(KEYS);
  }

  @Override
  public KeyValueModel.Input command(byte[] command) {
    ByteBuffer bytes = ByteBuffer.wrap(command);
    return bytes.get() == PUT
        ? new KeyValueModel.Put(text(bytes, bytes.getInt()), text(bytes, bytes.remaining()))
        : new KeyValueModel.Remove(text(bytes, bytes.remaining()));
  }

  @Override
  public KeyValueModel.Input query(byte[] query) {
    return new KeyValueModel.Get(new String(query, StandardCharsets.UTF_8));
  }

  @Override
  public Optional<String> result(KeyValueModel.Input input, byte[] result) {
    return KeyValueStore.value(result);
  }

  private static String text(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
