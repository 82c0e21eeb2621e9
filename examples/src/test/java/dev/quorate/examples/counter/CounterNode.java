package dev.quorate.examples.counter;

import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.engine.Raft;
import java.io.IOException;
import java.nio.file.Path;

/** A node that counts until its standard input ends: its process ends with the test's. */
final class CounterNode {

  private CounterNode() {}

  /** Arguments: id, nodes, transport. Its data is in the directory that it is started in. */
  public static void main(String[] arguments) throws IOException {
    try (RaftNode node =
        Raft.node(arguments[0])
            .cluster("counters", arguments[1])
            .stateMachine(new Counter())
            .dataDirectory(Path.of(arguments[0]))
            .setting("raft.transport", arguments[2])
            .start()) {
      System.out.println(node.id() + " has started");
      System.in.transferTo(System.out);
    }
  }
}
