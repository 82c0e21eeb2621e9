package dev.quorate.raft.tools;

import dev.quorate.raft.api.NodeStatus;
import dev.quorate.raft.api.RaftException;
import dev.quorate.raft.api.RaftNode;
import dev.quorate.raft.engine.Raft;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Scanner;

/** A node as a process: {@code NodeProgram <id> <nodes> <directory>}, one answer to each line. */
public final class NodeProgram {

  private NodeProgram() {}

  public static void main(String[] arguments) throws IOException {
    try (RaftNode node =
            Raft.node(arguments[0])
                .cluster(Cluster.NAME, arguments[1])
                .stateMachine(new Journal())
                .dataDirectory(Path.of(arguments[2]))
                .start();
        Scanner input = new Scanner(System.in, StandardCharsets.UTF_8)) {
      while (input.hasNextLine()) {
        System.out.println(answer(node, input.nextLine()));
      }
    }
  }

  private static String answer(RaftNode node, String line) {
    try {
      if (line.equals("read")) {
        byte[] lines = node.read(new byte[0]).join().value();
        return new String(lines, StandardCharsets.UTF_8).replace('\n', ' ').strip();
      } else if (line.equals("status")) {
        NodeStatus status = node.status();
        return status.role() + " " + status.term();
      }
      node.submitOrThrow(line.getBytes(StandardCharsets.UTF_8));
      return "applied";
    } catch (RaftException e) {
      return "refused: " + e.getMessage();
    }
  }
}
