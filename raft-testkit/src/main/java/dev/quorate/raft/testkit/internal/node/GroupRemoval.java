package dev.quorate.raft.testkit.internal.node;

import dev.quorate.raft.testkit.internal.trace.Trace.Event;
import java.io.IOException;

/** A process closes one of its groups and removes it with its data; it may die in between. */
final class GroupRemoval {

  private final SimulatedNode machine;
  private final ProcessGroups groups;
  private final NodeDisk disk;
  private final Replica replica;

  GroupRemoval(SimulatedNode machine, ProcessGroups groups, NodeDisk disk, Replica replica) {
    this.machine = machine;
    this.groups = groups;
    this.disk = disk;
    this.replica = replica;
  }

  /**
   * Begins.
   *
   * @param dying in the middle of which disk operation the process dies; -1: of none
   */
  void begin(SimulatedProcess process, int dying) {
    World world = replica.world();
    world.trace().add(Event.FAULT, machine.id(), dying, 2, "removes " + world.group());
    Runnable removal = () -> process.letOut(() -> process.enter(() -> remove(dying)));
    if (replica.isServing()) {
      groups.close(replica).thenRun(removal);
    } else if (!replica.isUp()) {
      removal.run();
    }
  }

  private void remove(int dying) {
    if (!machine.isServing() || replica.isUp()) {
      return;
    }
    if (dying >= 0) {
      disk.dieInCall(dying);
    }
    World world = replica.world();
    try {
      boolean any = groups.remove(replica);
      String what = any ? "removed" : "nothing there";
      world.trace().add(Event.OUTCOME, machine.id(), any ? 1 : 0, 4, what);
    } catch (IOException e) {
      world.trace().add(Event.REFUSED, machine.id(), machine.boots(), 1, e.getMessage());
      machine.explain(e);
    }
  }
}
