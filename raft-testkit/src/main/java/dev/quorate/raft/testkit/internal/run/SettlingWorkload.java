package dev.quorate.raft.testkit.internal.run;

import dev.quorate.raft.api.StateMachine;
import dev.quorate.raft.testkit.internal.verdict.Violation;
import dev.quorate.raft.testkit.simulation.Workload;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * A user's workload; once it has settled, without the commands that the state machine refuses, so
 * that whether a command is accepted says whether the cluster works.
 */
final class SettlingWorkload implements Workload {

  /** A workload of which so many in a row are refused has nothing else. */
  private static final int MOST = 10_000;

  private final Workload workload;
  private final StateMachine stateMachine;
  private boolean settled;

  SettlingWorkload(Workload workload, StateMachine stateMachine) {
    this.workload = workload;
    this.stateMachine = stateMachine;
  }

  void settle() {
    settled = true;
  }

  @Override
  public byte[] command(RandomGenerator random) {
    byte[] command = workload.command(random);
    for (int drawn = 1; settled && isRefused(command); drawn++) {
      Violation.unless(drawn < MOST, "workload", () -> "the state machine refuses all commands");
      command = workload.command(random);
    }
    return command;
  }

  private boolean isRefused(byte[] command) {
    return stateMachine.validate(ByteBuffer.wrap(command).asReadOnlyBuffer()).isPresent();
  }

  @Override
  public byte[] query(RandomGenerator random) {
    return workload.query(random);
  }
}
