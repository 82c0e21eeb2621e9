package dev.quorate.examples.nodes;

import dev.quorate.examples.keyvalue.KeyValueStore;
import dev.quorate.raft.api.ApplyContext;
import dev.quorate.raft.api.StateMachine;
import java.nio.ByteBuffer;

/** A store of an old version, with a fault that one command brings out. */
final class Poisoned implements StateMachine {

  static final String REASON = "this version cannot do that";
  static final byte[] COMMAND = KeyValueStore.put("poison", "it");

  private final KeyValueStore store = new KeyValueStore();

  @Override
  public byte[] apply(ApplyContext context, ByteBuffer command) {
    if (command.equals(ByteBuffer.wrap(COMMAND))) {
      throw new IllegalStateException(REASON);
    }
    return store.apply(context, command);
  }

  @Override
  public byte[] query(ByteBuffer query) {
    return store.query(query);
  }
}
