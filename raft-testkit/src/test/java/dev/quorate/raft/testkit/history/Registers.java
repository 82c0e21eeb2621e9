package dev.quorate.raft.testkit.history;

import dev.quorate.raft.testkit.history.RegisterModel.Done;
import dev.quorate.raft.testkit.history.RegisterModel.Input;
import dev.quorate.raft.testkit.history.RegisterModel.Output;
import dev.quorate.raft.testkit.history.RegisterModel.Read;
import dev.quorate.raft.testkit.history.RegisterModel.Value;
import dev.quorate.raft.testkit.history.RegisterModel.Write;
import java.util.Optional;

/** Writes histories of one register, a line an operation. */
final class Registers {

  private final History<Input<Integer>, Output<Integer>> history = new History<>();
  private String client = "c";

  /** The next operations are this client's. */
  Registers by(String name) {
    client = name;
    return this;
  }

  Registers write(int value, long from, long to) {
    history.invoke(client, new Write<>(value), from).returned(new Done<>(), to);
    return this;
  }

  Registers read(int value, long from, long to) {
    history
        .invoke(client, new Read<>(), from)
        .returned(new Value<>(value == 0 ? Optional.empty() : Optional.of(value)), to);
    return this;
  }

  Registers unknownWrite(int value, long from, long until) {
    history.invoke(client, new Write<>(value), from).unknown("timeout", until);
    return this;
  }

  Registers failedWrite(int value, long from, long to) {
    history.invoke(client, new Write<>(value), from).failed("rejected", to);
    return this;
  }

  Registers pendingWrite(int value, long from) {
    history.invoke(client, new Write<>(value), from);
    return this;
  }

  Verdict verdict() {
    return Linearizability.check(new RegisterModel<>(), history.operations());
  }

  Verdict verdict(long budget) {
    return Linearizability.check(new RegisterModel<>(), history.operations(), budget);
  }
}
